import { describe, expect, it } from 'vitest';
import type { MediaAppProps } from '../../../lib/workload';
import type { OwnedContainerProperty } from '../../../lib/workload/props';
import { problemsWith, untyped } from '../../helpers';

const overlap = (props: Partial<MediaAppProps>, path: string, prop: string) => {
  expect(problemsWith(props)).toMatchObject([
    { path: `apps.app.${path}`, expected: `nothing here, for \`${prop}\` says it`, remedy: 'keep one of the two' },
  ]);
};

describe('container', () => {
  const owned: Readonly<Record<OwnedContainerProperty, readonly [unknown, string]>> = {
    name: ['other', 'containerName'],
    image: ['other:1', 'image'],
    ports: [[{ containerPort: 80 }], 'ports'],
    resources: [{ limits: {} }, 'resources'],
    startupProbe: [{}, 'probes.startup'],
    readinessProbe: [{}, 'probes.readiness'],
    livenessProbe: [{}, 'probes.liveness'],
  };

  it.each(Object.entries(owned))('may not set %s, even untyped', (key, [value, prop]) => {
    const problems = problemsWith({ container: untyped({ [key]: value }) });
    expect(problems).toMatchObject([{ path: `apps.app.container.${key}`, value }]);
    overlap({ container: untyped({ [key]: value }) }, `container.${key}`, prop);
  });

  it('may not set them by type either', () => {
    // @ts-expect-error -- `image` says it
    const container: MediaAppProps['container'] = { image: 'other:1' };
    overlap({ container }, 'container.image', 'image');
  });

  it.each([
    ['runAsUser', { runAsUser: 1 }],
    ['runAsGroup', { runAsGroup: 1 }],
  ])('may not set %s together with the short prop', (key, props) => {
    overlap({ ...props, container: { securityContext: { [key]: 2 } } }, `container.securityContext.${key}`, key);
  });

  it('may set them if no short prop does', () => {
    const securityContext = { runAsUser: 1, capabilities: { add: ['NET_ADMIN'] } };
    expect(problemsWith({ container: { securityContext } })).toEqual([]);
  });

  it('may not repeat a variable of env or identity', () => {
    const env = [{ name: 'A', value: '1' }];
    overlap({ env: { A: 2 }, container: { env } }, 'container.env[0]', 'env.A');
    overlap({ timezone: 'Etc/UTC', container: { env: [{ name: 'TZ' }] } }, 'container.env[0]', 'timezone');
  });

  it('may not revoke the privilege that a device needs', () => {
    const container = { securityContext: { privileged: false } };
    overlap({ gpu: { device: '/dev/dri' }, container }, 'container.securityContext.privileged', 'gpu.device');
  });
});

describe('env', () => {
  it.each([
    ['PUID', 'puid', { puid: 1 }],
    ['PGID', 'pgid', { pgid: 1 }],
    ['UMASK', 'umask', { umask: '022' }],
    ['TZ', 'timezone', { timezone: 'Etc/UTC' }],
  ])('may not have both %s and %s', (name, prop, props) => {
    overlap({ ...props, env: { [name]: 'x' } }, `env.${name}`, prop);
  });
});

describe('pod', () => {
  it.each([
    ['runAsUser', 1],
    ['runAsGroup', 1],
    ['fsGroup', 1],
    ['supplementalGroups', [1]],
  ])('may not set securityContext.%s together with the short prop', (key, value) => {
    const pod = { securityContext: { [key]: value } };
    overlap({ [key]: value, pod }, `pod.securityContext.${key}`, key);
    expect(problemsWith({ pod })).toEqual([]);
  });

  it('may not set what gpu sets', () => {
    const gpu = { resource: 'nvidia.com/gpu', runtimeClassName: 'nvidia' };
    overlap({ gpu, pod: { runtimeClassName: 'runc' } }, 'pod.runtimeClassName', 'gpu.runtimeClassName');
    const limits = { 'nvidia.com/gpu': '2' };
    overlap({ gpu, resources: { limits } }, 'resources.limits["nvidia.com/gpu"]', 'gpu.resource');
    expect(problemsWith({ gpu: { resource: 'nvidia.com/gpu' }, pod: { runtimeClassName: 'runc' } })).toEqual([]);
  });

  it('may not have two containers with one name', () => {
    expect(problemsWith({ pod: { containers: [{ name: 'app' }] } })).toMatchObject([
      { path: 'apps.app.pod.containers[0].name', value: 'app', remedy: expect.stringContaining('`container`') },
    ]);
    const both = { containers: [{ name: 'a' }], initContainers: [{ name: 'a' }] };
    expect(problemsWith({ pod: both })).toMatchObject([{ path: 'apps.app.pod.initContainers[0].name' }]);
    expect(problemsWith({ containerName: 'main', pod: { containers: [{ name: 'app' }] } })).toEqual([]);
  });
});
