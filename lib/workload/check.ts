import { isDeepStrictEqual } from 'node:util';
import { at } from '../spec/paths';
import type { Problem, Warning } from '../spec/problems';
import { problemsOf } from '../spec/schema';
import { isPersistent, kindOf, type PersistentVolume } from '../volumes/kinds';
import { overlapProblems } from './check-overlaps';
import { podVolumeProblems } from './check-pod-volumes';
import { portProblems } from './check-ports';
import { namesSecret } from './env';
import { type AppContext, isSingleWriter, type MediaAppModel, resolveApp } from './model';
import type { MediaAppProps } from './props';
import { mediaAppProps } from './schema';

/** Every problem of an app by itself, paths below `path`. */
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

/** What is allowed of an app and risky. */
export function appWarnings(app: MediaAppModel, path: string): Warning[] {
  return [...networkFileSystemWarnings(app, path), ...missingStateWarnings(app, path)];
}

function missingStateWarnings(app: MediaAppModel, path: string): Warning[] {
  return (app.props.facts?.statePaths ?? [])
    .filter((statePath) => !app.mounts.some(({ mountPath }) => mountPath === statePath))
    .map((statePath) => ({
      path: at(path, 'mounts'),
      message: `${app.props.facts?.name} keeps state in ${statePath}, and nothing is mounted there: it is lost with the pod`,
    }));
}

function networkFileSystemWarnings(app: MediaAppModel, path: string): Warning[] {
  if (app.databases.length === 0 || app.props.networkFileSystemReason !== undefined) {
    return [];
  }
  const mounts = app.mounts.filter(
    ({ mountPath, volume }) =>
      mountPath === app.configPath && isPersistent(volume) && kindOf(volume).networkFileSystem(volume),
  );
  return mounts.map(({ volume }) => ({
    path: at(path, 'config'),
    message:
      `${app.databases.map((database) => database.path).join(', ')} will live on a network file system ` +
      `("${(volume as PersistentVolume).name}", ${volume.kind}), where SQLite's locks and shared memory can't be relied on: ` +
      'expect "database is locked" and, in the end, a damaged database. Move it to a block device or a local volume, ' +
      'or say in networkFileSystemReason why it may stay',
  }));
}

// Semantic checks go on with what can be used, so that one slip does not hide the others.
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
  return Object.entries(props.env ?? {})
    .filter(([name, value]) => typeof value === 'string' && value !== '' && namesSecret(name))
    .map(([name]) => ({
      path: at(path, 'env', name),
      value: '(not shown)',
      expected: 'a reference to a Secret',
      remedy: `manifests and Pulumi's state are no place for it: write { secretKeyRef: { name: '…', key: '…' } }`,
    }));
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

function writerProblems(app: MediaAppModel, path: string): Problem[] {
  const single = app.mounts.find(({ volume }) => isPersistent(volume) && isSingleWriter(volume));
  const config = app.databases.length > 0 && app.mounts.find(({ mountPath }) => mountPath === app.configPath);
  const mount = single ?? config;
  if (!mount) {
    return [];
  }
  const reason = `of "${(mount.volume as PersistentVolume).name}" at ${mount.mountPath}, which one pod at a time may write`;
  const problems: Problem[] = [];
  if ((app.props.replicas ?? 1) > 1) {
    problems.push({ path: at(path, 'replicas'), value: app.props.replicas, expected: `0 or 1 because ${reason}` });
  }
  if (surges(app)) {
    problems.push({
      path: at(path, 'strategy'),
      value: app.props.strategy,
      expected: `a strategy without surge because ${reason}`,
      remedy: 'leave it out for Recreate, or write rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }',
    });
  }
  return problems;
}

function surges({ props: { strategy } }: MediaAppModel): boolean {
  if (!strategy || strategy.type === 'Recreate') {
    return false;
  }
  const surge = strategy.rollingUpdate?.maxSurge;
  return !['0', '0%'].includes(String(surge));
}

/** Whether two volumes are one and the same in every word. */
export function sameVolume(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(left, right);
}
