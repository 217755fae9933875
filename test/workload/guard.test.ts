import { describe, expect, it } from 'vitest';
import type { MediaAppProps } from '../../lib/workload';
import { podSpec } from '../../lib/workload/manifests/pod';
import { type AppContext, resolveApp } from '../../lib/workload/model';
import { image, lun, share } from '../helpers';

const UUID = '3f0c9a54-1b7e-86bd-8000-000000000001';
const sealed = { 'config-2': { attempt: 3, uuid: UUID } };
const moved: AppContext = { name: 'app', namespace: 'media', live: { '/config': 'config-2' }, sealed };

function initContainersOf(props: Partial<MediaAppProps>, context: AppContext) {
  const config = [share('config'), { ...lun('config-2'), volumeName: 'media-config-2' }];
  return podSpec(resolveApp({ image, config, ...props }, context)).initContainers;
}

describe('the guard', () => {
  it('is the first container of a pod on a volume that data was moved to', () => {
    const own = { name: 'own', image: 'busybox:1' };
    const [guard, ...others] = initContainersOf({ pod: { initContainers: [own] } }, moved) ?? [];
    expect(others).toEqual([own]);
    expect(guard).toMatchObject({
      name: 'lunward-guard',
      image,
      command: ['/bin/sh', '-c', expect.stringContaining('.lunward/marker')],
      args: ['lunward-guard', '/lunward', '3', 'media-config-2', UUID],
      volumeMounts: [{ name: 'config', mountPath: '/lunward', readOnly: true }],
    });
  });

  it('sees the root of the volume, whatever the app mounts of it', () => {
    const volume = [share('config'), lun('config-2')];
    const [guard] = initContainersOf({ config: { volume, name: 'settings', subPath: 'app' } }, moved) ?? [];
    expect(guard?.volumeMounts).toEqual([{ name: 'settings', mountPath: '/lunward', readOnly: true }]);
  });

  it('is restricted like the app, and has no privileges', () => {
    const securityContext = {
      privileged: true,
      runAsNonRoot: true,
      capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
    };
    const resources = { limits: { memory: '1Gi' } };
    const [guard] =
      initContainersOf({ resources, container: { securityContext, imagePullPolicy: 'Never' } }, moved) ?? [];
    expect(guard).toMatchObject({ resources, imagePullPolicy: 'Never' });
    expect(guard?.securityContext).toEqual({ runAsNonRoot: true, capabilities: { drop: ['ALL'] } });
  });

  it.each<[string, AppContext]>([
    ['before it is moved', { ...moved, live: {}, sealed: {} }],
    ['once it was taken back', { ...moved, live: { '/config': 'config' } }],
    ['on a volume that no data was moved to', { ...moved, sealed: {} }],
  ])('is not there %s', (_, context) => {
    expect(initContainersOf({}, context)).toBeUndefined();
  });
});
