import { describe, expect, it } from 'vitest';
import { audiobookshelf, jellyfin, seerr, sonarr } from '../../../lib/catalog';
import { claim, emptyDir, existingClaim, local } from '../../../lib/volumes';
import type { GpuProps } from '../../../lib/workload';
import {
  containerWith,
  environmentWith,
  image,
  lun,
  manifestsWith,
  podWith,
  problemsIn,
  share,
  specOf,
} from '../../helpers';

const defaults = { puid: 1000, pgid: 1001, umask: '002', timezone: 'Europe/Berlin' };

describe('identity', () => {
  it('is set as variables for images that start as root', () => {
    expect(environmentWith({ puid: 1, pgid: 2, umask: '022', timezone: 'Etc/UTC' })).toEqual({
      PUID: '1',
      PGID: '2',
      UMASK: '022',
      TZ: 'Etc/UTC',
    });
    expect(podWith({ puid: 1 })).not.toHaveProperty('securityContext');
  });

  it('comes from the cluster, and the app overrides it', () => {
    expect(environmentWith({ puid: 7 }, { defaults })).toEqual({
      PUID: '7',
      PGID: '1001',
      UMASK: '002',
      TZ: 'Europe/Berlin',
    });
  });

  it('is a security context for rootless images, which changes owners only if needed', () => {
    const ids = { runAsUser: 1000, runAsGroup: 1001, fsGroup: 1002, supplementalGroups: [44, 109] };
    expect(podWith(ids).securityContext).toEqual({ ...ids, runAsNonRoot: true, fsGroupChangePolicy: 'OnRootMismatch' });
    expect(podWith({ runAsUser: 0 }).securityContext).toEqual({ runAsUser: 0 });
    expect(podWith({ fsGroup: 1000 }).securityContext).toEqual({
      fsGroup: 1000,
      fsGroupChangePolicy: 'OnRootMismatch',
    });
  });

  it.each([
    ['runAsUser', { runAsUser: 1000 }],
    ['pod.securityContext', { pod: { securityContext: { runAsUser: 1000 } } }],
    ['container.securityContext', { container: { securityContext: { runAsUser: 1000 } } }],
  ])('omits the cluster’s PUID for an app that is rootless by %s', (_, props) => {
    expect(environmentWith(props, { defaults })).toEqual({ UMASK: '002', TZ: 'Europe/Berlin' });
  });

  it('gives the volumes to the fixed user of an image', () => {
    const apps = { seerr: seerr({ image, config: lun('seerr') }) };
    expect(podWith({ ...apps.seerr }, { defaults }).securityContext).toMatchObject({ fsGroup: 1000 });
    expect(environmentWith({ ...apps.seerr }, { defaults })).toEqual({ UMASK: '002', TZ: 'Europe/Berlin' });
    expect(podWith({ ...apps.seerr, fsGroup: 5 }).securityContext).toMatchObject({ fsGroup: 5 });
  });

  it('keeps a policy of the pod', () => {
    const pod = { securityContext: { fsGroupChangePolicy: 'Always', seccompProfile: { type: 'RuntimeDefault' } } };
    expect(podWith({ fsGroup: 1, pod }).securityContext).toEqual({ fsGroup: 1, ...pod.securityContext });
  });

  it.each([
    ['puid below 0', { puid: -1 }, 'puid'],
    ['puid as text', { puid: '1000' as never }, 'puid'],
    ['umask of another base', { umask: '089' }, 'umask'],
    ['umask as a number', { umask: 22 as never }, 'umask'],
    ['no time zone', { timezone: 'Europe/Atlantis' }, 'timezone'],
    ['PUID beside a user of its own', { puid: 1, runAsUser: 1 }, 'puid'],
  ])('refuses %s', (_, props, key) => {
    expect(problemsIn({ app: { image, ...props } })).toMatchObject([{ path: `apps.app.${key}` }]);
  });
});

describe('a graphics processor', () => {
  const withGpu = (gpu: GpuProps) => ({ pod: podWith({ gpu }), container: containerWith({ gpu }) });

  it('is an extended resource with a runtime class', () => {
    const { pod, container } = withGpu({ resource: 'nvidia.com/gpu', count: 2, runtimeClassName: 'nvidia' });
    expect(container.resources).toEqual({ limits: { 'nvidia.com/gpu': '2' } });
    expect(pod.runtimeClassName).toBe('nvidia');
    expect(container).not.toHaveProperty('securityContext');
    const resources = { requests: { cpu: '1' }, limits: { memory: '4Gi' } };
    expect(containerWith({ gpu: { resource: 'gpu.intel.com/i915' }, resources }).resources).toEqual({
      requests: { cpu: '1' },
      limits: { memory: '4Gi', 'gpu.intel.com/i915': '1' },
    });
  });

  it('is a device of the node, which only a privileged container can open', () => {
    const { pod, container } = withGpu({ device: '/dev/dri' });
    expect(pod.volumes).toEqual([{ name: 'gpu', hostPath: { path: '/dev/dri' } }]);
    expect(container.volumeMounts).toEqual([{ name: 'gpu', mountPath: '/dev/dri' }]);
    expect(container.securityContext).toEqual({ privileged: true });
  });
});

describe('the defaults of a pod', () => {
  it('suit media apps', () => {
    const pod = podWith({});
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(containerWith({})).toEqual({ name: 'app', image });
    expect(specOf(manifestsWith({}), 'Deployment')).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  it('are overridden by `pod`', () => {
    const own = { automountServiceAccountToken: true, enableServiceLinks: true, serviceAccountName: 'app' };
    expect(podWith({ pod: own })).toMatchObject(own);
  });

  it('give an app the time that it takes to stop', () => {
    const app = sonarr({ image, config: lun('a') });
    expect(podWith(app).terminationGracePeriodSeconds).toBe(30);
    expect(podWith({ ...app, pod: { terminationGracePeriodSeconds: 5 } }).terminationGracePeriodSeconds).toBe(5);
  });
});

describe('the stop hook', () => {
  const mounts = { '/metadata': lun('metadata') };
  const app = audiobookshelf({ image, config: lun('books'), mounts });

  it('sends SIGINT to an app that ends cleanly on nothing else, and waits', () => {
    const command = ['/bin/sh', '-c', 'kill -INT 1; exec sleep 30'];
    expect(containerWith(app).lifecycle).toEqual({ preStop: { exec: { command } } });
    const slow = containerWith({ ...app, pod: { terminationGracePeriodSeconds: 90 } });
    expect(slow.lifecycle?.preStop?.exec?.command?.[2]).toBe('kill -INT 1; exec sleep 90');
  });

  it('can be overridden, and is absent for an app that ends on SIGTERM', () => {
    const lifecycle = { preStop: { sleep: { seconds: 5 } } };
    expect(containerWith({ ...app, container: { lifecycle } }).lifecycle).toEqual(lifecycle);
    expect(containerWith(jellyfin({ image, config: lun('a') }))).not.toHaveProperty('lifecycle');
  });
});

describe('anti-affinity of the app with itself', () => {
  const term = {
    labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'app' } },
    topologyKey: 'kubernetes.io/hostname',
  };
  const terms = (props: Parameters<typeof podWith>[0]) =>
    podWith(props).affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution;

  it.each([
    ['a LUN', lun('a'), true],
    ['a LUN that is only read', lun('a', { accessModes: ['ReadOnlyMany'] }), false],
    ['an existing claim, which may be one', existingClaim({ name: 'a' }), true],
    ['an existing claim for many', existingClaim({ name: 'a', accessModes: ['ReadWriteMany'] }), false],
    ['a dynamic claim', claim({ name: 'a', size: '1Gi' }), true],
    ['a disposable one', claim({ name: 'a', size: '1Gi', disposable: true }), false],
    ['a network share', share('a'), false],
    ['a network share for one', share('a', { accessModes: ['ReadWriteOnce'] }), false],
    ['a local volume', local({ name: 'a', node: 'node-a', path: '/a', size: '1Gi' }), false],
    ['a directory of the pod', emptyDir(), false],
  ])('with %s: %#', (_, volume, expected) => {
    expect(terms({ mounts: { '/a': volume } })).toEqual(expected ? [term] : undefined);
  });

  it('can be turned on and off', () => {
    expect(terms({ selfAntiAffinity: true })).toEqual([term]);
    expect(terms({ config: lun('a'), selfAntiAffinity: false })).toBeUndefined();
  });

  it('is added to the user’s affinity', () => {
    const other = { labelSelector: { matchLabels: { a: 'b' } }, topologyKey: 'zone' };
    const affinity = {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [other] },
    };
    expect(podWith({ config: lun('a'), pod: { affinity } }).affinity).toEqual({
      ...affinity,
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term, other] },
    });
  });

  it('uses the selector, which a running app keeps', () => {
    const [own] = terms({ config: lun('a'), selector: { app: 'mine' } }) ?? [];
    expect(own?.labelSelector).toEqual({ matchLabels: { app: 'mine' } });
  });
});
