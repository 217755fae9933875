import { isDeepStrictEqual } from 'node:util';
import type { V1Container } from '../../core/kubernetes';
import { at } from '../../core/paths';
import type { Problem, Warning } from '../../core/problems';
import { problemsOf } from '../../core/schema';
import { namesSecret } from '../../core/secret-names';
import { isAround } from '../database-mounts';
import { type AppContext, type MediaAppModel, resolveApp } from '../model';
import type { MediaAppProps } from '../props';
import { mediaAppProps } from '../schema';
import { overlapProblems } from './check-overlaps';
import { podVolumeProblems } from './check-pod-volumes';
import { portProblems } from './check-ports';
import { networkFileSystemWarnings, writerProblems } from './check-writers';

/** Lists every problem of one app, without the other apps. The problems' paths start with `path`. */
export function appProblems(props: MediaAppProps, context: AppContext, path: string): Problem[] {
  const structural = problemsOf(mediaAppProps, props, path);
  const app = resolveApp(withoutBroken(props, structural, path), context);
  return [
    ...structural,
    ...missingConfig(props, path),
    ...identityProblems(props, path),
    ...secretProblems(app, path),
    ...selectorProblems(app, path),
    ...portProblems(app, path),
    ...overlapProblems(app, path),
    ...podVolumeProblems(app, path),
    ...writerProblems(app, path),
  ];
}

/** Warns about settings that are allowed but risky. */
export function appWarnings(app: MediaAppModel, path: string): Warning[] {
  return [...networkFileSystemWarnings(app, path), ...missingStateWarnings(app, path)];
}

function missingStateWarnings(app: MediaAppModel, path: string): Warning[] {
  const mounted = [...app.mounts, ...(app.props.container?.volumeMounts ?? [])].map(({ mountPath }) => mountPath);
  return (app.props.facts?.statePaths ?? [])
    .filter((statePath) => !mounted.some((mountPath) => isAround(mountPath, statePath)))
    .map((statePath) => ({
      path: at(path, 'mounts'),
      message: `${app.props.facts?.name} keeps state in ${statePath}, and nothing is mounted there: it is lost with the pod`,
    }));
}

// The semantic checks continue with the valid properties, so that one error does not hide the others.
function withoutBroken(props: MediaAppProps, problems: readonly Problem[], path: string): MediaAppProps {
  const broken = (key: string) =>
    problems.some(({ path: where }) => {
      const own = at(path, key);
      return where === own || where.startsWith(`${own}.`) || where.startsWith(`${own}[`);
    });
  return Object.fromEntries(Object.entries(props ?? {}).filter(([key]) => !broken(key))) as unknown as MediaAppProps;
}

function missingConfig(props: MediaAppProps, path: string): Problem[] {
  return props?.facts && props.config === undefined
    ? [{ path: at(path, 'config'), value: undefined, expected: `the volume of ${props.facts.name}'s settings` }]
    : [];
}

function identityProblems(props: MediaAppProps, path: string): Problem[] {
  return props?.runAsUser !== undefined && props.puid !== undefined
    ? [
        {
          path: at(path, 'puid'),
          value: props.puid,
          expected: 'no puid beside runAsUser',
          remedy:
            'an image that reads PUID must start as root; take puid for LinuxServer images and runAsUser for rootless ones',
        },
      ]
    : [];
}

function secretProblems({ props }: MediaAppModel, path: string): Problem[] {
  const { env = {}, container, pod } = props;
  const listed = [
    ...namedValues(container?.env, at(path, 'container', 'env')),
    ...(['containers', 'initContainers'] as const).flatMap((key) =>
      (pod?.[key] ?? []).flatMap((sidecar, index) => namedValues(sidecar.env, at(path, 'pod', key, index, 'env'))),
    ),
  ];
  return [...Object.entries(env).map(([name, value]) => ({ name, value, where: at(path, 'env', name) })), ...listed]
    .filter(({ name, value }) => ['string', 'number'].includes(typeof value) && value !== '' && namesSecret(name))
    .map(({ where }) => ({
      path: where,
      value: '(not shown)',
      expected: 'a reference to a Secret',
      remedy: `manifests and Pulumi's state are no place for it: write ${
        where.startsWith(at(path, 'env'))
          ? "{ secretKeyRef: { name: '…', key: '…' } }"
          : "valueFrom: { secretKeyRef: { name: '…', key: '…' } }"
      }`,
    }));
}

function namedValues(list: V1Container['env'] = [], path: string) {
  return list.map(({ name, value }, index) => ({ name, value, where: at(path, index, 'value') }));
}

function selectorProblems(app: MediaAppModel, path: string): Problem[] {
  const { podLabels, selector } = app.props;
  return Object.entries(podLabels ?? {})
    .filter(([key, value]) => app.selector[key] !== undefined && app.selector[key] !== value)
    .map(([key, value]) => ({
      path: at(path, 'podLabels', key),
      value,
      expected: `the selector's value "${app.selector[key]}"`,
      remedy: `leave it out: pods get the labels of ${selector ? 'selector' : 'the default selector'} by themselves`,
    }));
}

/** Whether two volumes are equal in every property. */
export function sameVolume(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(left, right);
}
