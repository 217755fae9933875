import { describe, expect, it } from 'vitest';
import { emptyDir } from '../../../lib/volumes';
import { lun, problemsWith, share } from '../../helpers';

const config = lun('settings');

describe('two mounts at one path', () => {
  it.each([
    ['config and mounts', { config, mounts: { '/config': emptyDir() } }, 'mounts["/config"]', 'apps.app.config'],
    [
      'config at a path of its own and mounts',
      { config, configPath: '/data', mounts: { '/data': emptyDir() } },
      'mounts["/data"]',
      'apps.app.config',
    ],
    [
      'mounts and container.volumeMounts',
      { mounts: { '/media': share('media') }, container: { volumeMounts: [{ name: 'media', mountPath: '/media' }] } },
      'container.volumeMounts[0].mountPath',
      'apps.app.mounts["/media"]',
    ],
    [
      'config and container.volumeMounts',
      { config, container: { volumeMounts: [{ name: 'settings', mountPath: '/config' }] } },
      'container.volumeMounts[0].mountPath',
      'apps.app.config',
    ],
    [
      'a device and mounts',
      { gpu: { device: '/dev/dri' }, mounts: { '/dev/dri': emptyDir() } },
      'gpu.device',
      'apps.app.mounts["/dev/dri"]',
    ],
  ])('are refused: %s', (_, props, path, first) => {
    expect(problemsWith(props)).toMatchObject([
      {
        path: `apps.app.${path}`,
        expected: `another mount path: ${first} has this one`,
        remedy: expect.stringContaining('keep one'),
      },
    ]);
  });

  it('are different from one inside the other', () => {
    expect(problemsWith({ config, mounts: { '/config/data': emptyDir(), '/config2': emptyDir() } })).toEqual([]);
  });
});

describe('a mount path', () => {
  it.each(['media', '/media/', '/a//b', '/a/../b', '/a:b'])('is refused as %s', (path) => {
    expect(problemsWith({ mounts: { [path]: emptyDir() } })).toMatchObject([
      { value: path, expected: expect.stringContaining('absolute path') },
    ]);
  });

  it.each(['/a', '../b', 'a/../../b', ''])('is refused with sub-path %j', (subPath) => {
    expect(problemsWith({ mounts: { '/a': { volume: emptyDir(), subPath } } })).toMatchObject([
      { path: 'apps.app.mounts["/a"].subPath', value: subPath, expected: expect.stringContaining('relative path') },
    ]);
  });
});

describe('a volume of the pod', () => {
  const volumes = [{ name: 'token', projected: { sources: [] } }];

  it('that nothing mounts is refused', () => {
    expect(problemsWith({ pod: { volumes } })).toMatchObject([
      {
        path: 'apps.app.pod.volumes[0]',
        value: 'token',
        expected: 'a volume that a container mounts',
        remedy: expect.stringContaining('container.volumeMounts'),
      },
    ]);
  });

  it.each([
    ['the app', { container: { volumeMounts: [{ name: 'token', mountPath: '/a' }] } }, {}],
    ['a sidecar', {}, { containers: [{ name: 'a', volumeMounts: [{ name: 'token', mountPath: '/a' }] }] }],
    ['an init container', {}, { initContainers: [{ name: 'a', volumeMounts: [{ name: 'token', mountPath: '/a' }] }] }],
    ['a block device', { container: { volumeDevices: [{ name: 'token', devicePath: '/dev/a' }] } }, {}],
  ])('may be mounted by %s alone', (_, props, pod) => {
    expect(problemsWith({ ...props, pod: { volumes, ...pod } })).toEqual([]);
  });

  it('that does not exist can’t be mounted', () => {
    const containers = [{ name: 'a', volumeMounts: [{ name: 'setings', mountPath: '/a' }] }];
    expect(problemsWith({ config, pod: { containers } })).toMatchObject([
      {
        path: 'apps.app.pod.containers[0].volumeMounts[0].name',
        value: 'setings',
        expected: 'one of the pod\'s volumes: "settings"',
      },
    ]);
    const container = { volumeDevices: [{ name: 'disk', devicePath: '/dev/a' }] };
    expect(problemsWith({ container })).toMatchObject([
      { path: 'apps.app.container.volumeDevices[0].name', expected: expect.stringContaining('it has none') },
    ]);
  });

  it('called "gpu" exists only with a device', () => {
    const container = { volumeMounts: [{ name: 'gpu', mountPath: '/dev/video' }] };
    expect(problemsWith({ container })).toMatchObject([{ path: 'apps.app.container.volumeMounts[0].name' }]);
    expect(problemsWith({ container, gpu: { device: '/dev/dri' } })).toEqual([]);
    const taken = { gpu: { device: '/dev/dri' }, mounts: { '/a': { volume: emptyDir(), name: 'gpu' } } };
    expect(problemsWith(taken)).toMatchObject([{ path: 'apps.app.mounts', value: 'gpu' }]);
  });

  it('has a name of its own', () => {
    expect(problemsWith({ config, pod: { volumes: [{ name: 'settings', emptyDir: {} }] } })).toMatchObject([
      { path: 'apps.app.pod.volumes[0].name', value: 'settings', remedy: expect.stringContaining('by their names') },
      { path: 'apps.app.pod.volumes[0]' },
    ]);
    const mounts = { '/a': { volume: lun('a'), name: 'x' }, '/b': { volume: lun('b'), name: 'x' } };
    expect(problemsWith({ mounts })).toMatchObject([{ path: 'apps.app.mounts', value: 'x' }]);
  });
});

describe('what no pod can mount', () => {
  it.each([
    ['config', { config: lun('a', { volumeMode: 'Block' }) }, 'config'],
    ['a later generation', { config: [lun('a'), lun('b', { volumeMode: 'Block' })] }, 'config[1]'],
    ['mounts', { mounts: { '/a': { volume: [lun('a', { volumeMode: 'Block' })] } } }, 'mounts["/a"].volume'],
  ] as const)('is a block device: %s', (_, props, path) => {
    expect(problemsWith(props)).toMatchObject([
      { path: `apps.app.${path}.volumeMode`, expected: expect.stringContaining('a file system') },
    ]);
  });

  it.each([
    ['config', { config: lun('a', { namespace: 'tv' }) }, 'config'],
    ['a later generation', { config: [lun('a'), share('b', { namespace: 'tv' })] }, 'config[1]'],
    ['mounts', { mounts: { '/a': share('a', { namespace: 'tv' }) } }, 'mounts["/a"]'],
  ])('is a claim of another namespace: %s', (_, props, path) => {
    expect(problemsWith(props)).toMatchObject([
      {
        path: `apps.app.${path}.namespace`,
        value: 'tv',
        expected: expect.stringContaining('own namespace "media"'),
        remedy: expect.stringContaining('leave it out'),
      },
    ]);
    expect(problemsWith({ ...props, namespace: 'tv' })).toEqual([]);
  });
});
