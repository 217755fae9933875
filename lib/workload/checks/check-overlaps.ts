import { at } from '../../core/paths';
import type { Problem } from '../../core/problems';
import type { MediaAppModel } from '../model';
import type { OwnedContainerProperty } from '../props';

const ownedBy: Readonly<Record<OwnedContainerProperty, string>> = {
  name: 'containerName',
  image: 'image',
  ports: 'ports',
  resources: 'resources',
  startupProbe: 'probes.startup',
  readinessProbe: 'probes.readiness',
  livenessProbe: 'probes.liveness',
};

/** Lists settings in `pod` and `container` for which a short prop exists. */
export function overlapProblems(app: MediaAppModel, path: string): Problem[] {
  return [
    ...containerProblems(app, path),
    ...environmentProblems(app, path),
    ...securityProblems(app, path),
    ...sidecarProblems(app, path),
  ];
}

function containerProblems({ props }: MediaAppModel, path: string): Problem[] {
  const container = (props.container ?? {}) as Record<string, unknown>;
  return Object.entries(ownedBy)
    .filter(([key]) => container[key] !== undefined)
    .map(([key, prop]) => said(at(path, 'container', key), container[key], prop));
}

function environmentProblems({ props }: MediaAppModel, path: string): Problem[] {
  const { env = {}, container, puid, pgid, umask, timezone } = props;
  const identity = { PUID: [puid, 'puid'], PGID: [pgid, 'pgid'], UMASK: [umask, 'umask'], TZ: [timezone, 'timezone'] };
  const shortProps = new Map(
    Object.entries(identity).flatMap(([name, [value, prop]]) => (value === undefined ? [] : [[name, String(prop)]])),
  );
  const problems = Object.keys(env)
    .filter((name) => shortProps.has(name))
    .map((name) => said(at(path, 'env', name), env[name], shortProps.get(name) ?? ''));
  container?.env?.forEach(({ name, value }, index) => {
    const prop = name in env ? `env.${name}` : shortProps.get(name);
    if (prop) {
      problems.push(said(at(path, 'container', 'env', index), value, prop));
    }
  });
  return problems;
}

function securityProblems({ props }: MediaAppModel, path: string): Problem[] {
  const own = (props.pod?.securityContext ?? {}) as Record<string, unknown>;
  const problems = (['runAsUser', 'runAsGroup', 'fsGroup', 'supplementalGroups'] as const)
    .filter((key) => own[key] !== undefined && props[key] !== undefined)
    .map((key) => said(at(path, 'pod', 'securityContext', key), own[key], key));
  const ofContainer = (props.container?.securityContext ?? {}) as Record<string, unknown>;
  for (const key of ['runAsUser', 'runAsGroup'] as const) {
    if (ofContainer[key] !== undefined && props[key] !== undefined) {
      problems.push(said(at(path, 'container', 'securityContext', key), ofContainer[key], key));
    }
  }
  if (props.gpu && 'resource' in props.gpu) {
    const { resource, runtimeClassName } = props.gpu;
    if (runtimeClassName && props.pod?.runtimeClassName) {
      problems.push(said(at(path, 'pod', 'runtimeClassName'), props.pod.runtimeClassName, 'gpu.runtimeClassName'));
    }
    for (const key of ['limits', 'requests'] as const) {
      const value = props.resources?.[key]?.[resource];
      if (value !== undefined) {
        problems.push(said(at(path, 'resources', key, resource), value, 'gpu.resource'));
      }
    }
  }
  if (props.gpu && 'device' in props.gpu && props.container?.securityContext?.privileged !== undefined) {
    const value = props.container.securityContext.privileged;
    problems.push(said(at(path, 'container', 'securityContext', 'privileged'), value, 'gpu.device'));
  }
  return problems;
}

function sidecarProblems(app: MediaAppModel, path: string): Problem[] {
  const names = [app.props.containerName ?? app.name];
  const problems: Problem[] = [];
  for (const key of ['containers', 'initContainers'] as const) {
    app.props.pod?.[key]?.forEach((container, index) => {
      if (names.includes(container.name)) {
        problems.push({
          path: at(path, 'pod', key, index, 'name'),
          value: container.name,
          expected: `another name than the containers before it (${names.map((name) => `"${name}"`).join(', ')})`,
          remedy: "what concerns the app's own container belongs into `container`",
        });
      }
      names.push(container.name);
    });
  }
  return problems;
}

function said(path: string, value: unknown, prop: string): Problem {
  return { path, value, expected: `nothing here, for \`${prop}\` says it`, remedy: 'keep one of the two' };
}
