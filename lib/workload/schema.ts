import { types } from 'node:util';
import { z } from 'zod';
import type { V1DeploymentStrategy, V1Probe, V1ResourceRequirements } from '../core/kubernetes';
import { annotations, environmentName, labelName, labels, portName, subdomainName } from '../core/names';
import { flag, integer, kubernetes, listOf, mapOf, objectOf, oneOf, type Shape, text } from '../core/schema';
import { environmentValue } from './env';
import type { AppFacts, Database, SettingPatch } from './facts';
import type { HealthCheck } from './health';
import { httpRouteProps } from './http-route';
import { imageReference } from './image';
import { ingressProps } from './ingress';
import { port } from './manifests/ports';
import { configMount, mount, mountPath } from './mounts';
import { containerPartial, podPartial } from './partials';
import type { GpuProps, IdentityProps, MediaAppProps, ProbesProps } from './props';
import { serviceProps } from './service';

const id = integer(0, 2 ** 31 - 1);
const absent = z.literal(false, { error: 'a probe, or false for none' });

/** Schemas of `IdentityProps`. */
export const identityShape: Shape<IdentityProps> = {
  puid: id.optional(),
  pgid: id.optional(),
  umask: text('a file mode mask in octal such as "022"', (mask) => /^[0-7]{3,4}$/.test(mask)).optional(),
  runAsUser: id.optional(),
  runAsGroup: id.optional(),
  fsGroup: id.optional(),
  supplementalGroups: listOf(id).optional(),
  timezone: text('a time zone by its IANA name, such as "Europe/Berlin" or "Etc/UTC"', isTimeZone).optional(),
};

const portReference = portName;

const health: z.ZodType<HealthCheck> = z.union(
  [
    objectOf<Extract<HealthCheck, { path: string }>>({
      path: text('a path such as "/health"', (path) => path.startsWith('/')),
      port: portReference.optional(),
      scheme: oneOf(['HTTP', 'HTTPS']).optional(),
    }),
    objectOf<Extract<HealthCheck, { tcpPort: string }>>({ tcpPort: portReference }),
    objectOf<Extract<HealthCheck, { command: readonly string[] }>>({ command: listOf(text('a word'), 1) }),
  ],
  { error: 'a health check: { path }, { tcpPort } or { command }' },
);

const probe = z.union([absent, kubernetes<V1Probe>('a probe, or false for none')], {
  error: 'a probe, or false for none',
});

const gpu: z.ZodType<GpuProps> = z.union(
  [
    objectOf<Extract<GpuProps, { resource: string }>>({
      resource: text('the name of an extended resource such as "gpu.intel.com/i915"', (name) => name.includes('/')),
      count: integer(1, 1024).optional(),
      runtimeClassName: subdomainName.optional(),
    }),
    objectOf<Extract<GpuProps, { device: string }>>({ device: mountPath }),
  ],
  { error: 'a graphics processor: { resource } or { device }' },
);

function oneOrMany<T>(item: z.ZodType<T>): z.ZodType<T | readonly T[]> {
  return z.unknown().superRefine((value, context) => {
    const schema: z.ZodType = Array.isArray(value) ? listOf(item) : item;
    for (const issue of schema.safeParse(value, { reportInput: true }).error?.issues ?? []) {
      context.addIssue({ ...issue } as never);
    }
  }) as unknown as z.ZodType<T | readonly T[]>;
}

const ports = mapOf(port, portName);

const configFile = text('a path relative to the config directory', (path) => path !== '' && !path.startsWith('/'));

const databases = listOf(
  objectOf<Database>({
    path: configFile,
    engine: oneOf(['sqlite']),
    imageFamily: oneOf(['linuxserver', 'official']).optional(),
    isOptional: flag.optional(),
  }),
);

const elementName = text('the name of an XML element', (name) => /^[A-Za-z_][\w.-]*$/.test(name));

const patches = listOf(
  objectOf<SettingPatch>({
    path: configFile,
    imageFamily: oneOf(['linuxserver', 'official']).optional(),
    element: listOf(elementName),
    from: listOf(text('a value', (value) => value !== '')),
    to: text('a value', (value) => value !== ''),
  }),
);

// Facts are checked like everything else, because a user's own `defineApp` may supply them.
const facts = objectOf<AppFacts>({
  name: labelName,
  ports,
  health,
  configPath: mountPath,
  statePaths: listOf(mountPath).optional(),
  databases,
  patches: patches.optional(),
  stop: objectOf<AppFacts['stop']>({
    signal: oneOf(['SIGTERM', 'SIGINT']),
    gracePeriodSeconds: integer(1, 2 ** 31 - 1),
  }),
  storageTrouble: listOf(z.custom<RegExp>(types.isRegExp, { error: 'a regular expression' })),
  fixedUser: id.optional(),
});

const shape: Shape<MediaAppProps> = {
  ...identityShape,
  facts: facts.optional(),
  name: labelName.optional(),
  namespace: labelName.optional(),
  image: imageReference,
  config: configMount.optional(),
  configPath: mountPath.optional(),
  databases: databases.optional(),
  networkFileSystemReason: text('a reason', (reason) => reason.trim() !== '').optional(),
  mounts: mapOf(mount, mountPath).optional(),
  ports: ports.optional(),
  health: health.optional(),
  probes: objectOf<ProbesProps>({
    startup: probe.optional(),
    readiness: probe.optional(),
    liveness: probe.optional(),
  }).optional(),
  env: mapOf(environmentValue, environmentName).optional(),
  resources: kubernetes<V1ResourceRequirements>().optional(),
  gpu: gpu.optional(),
  service: oneOrMany(serviceProps).optional(),
  ingress: oneOrMany(ingressProps).optional(),
  httpRoute: oneOrMany(httpRouteProps).optional(),
  replicas: integer(0, 100).optional(),
  strategy: kubernetes<V1DeploymentStrategy>().optional(),
  revisionHistoryLimit: integer(0, 2 ** 31 - 1).optional(),
  progressDeadlineSeconds: integer(1, 2 ** 31 - 1).optional(),
  selfAntiAffinity: flag.optional(),
  labels: labels.optional(),
  annotations: annotations.optional(),
  podLabels: labels.optional(),
  podAnnotations: annotations.optional(),
  selector: labels.refine((selector) => Object.keys(selector).length > 0, { error: 'at least one label' }).optional(),
  containerName: labelName.optional(),
  container: containerPartial.optional(),
  pod: podPartial.optional(),
  customize: z
    .custom<NonNullable<MediaAppProps['customize']>>((value) => typeof value === 'function', { error: 'a function' })
    .optional(),
};

/** Schema of a media app. */
export const mediaAppProps = objectOf<MediaAppProps>(shape);

const knownTimeZones = new Map<string, boolean>();

// The check is slow, and most apps have the same time zone.
function isTimeZone(name: string): boolean {
  const known = knownTimeZones.get(name) ?? canFormatIn(name);
  knownTimeZones.set(name, known);
  return known;
}

function canFormatIn(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
