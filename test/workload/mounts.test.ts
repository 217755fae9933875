import { describe, expect, it } from 'vitest';
import { sonarr } from '../../lib/catalog';
import { defineCluster, liveCluster } from '../../lib/cluster';
import { emptyDir } from '../../lib/volumes';
import { describeApps, image, lun, podWith, problemsWith, share, untyped } from '../helpers';

describe('the config volume', () => {
  const config = { volume: [share('old'), lun('new')], name: 'settings', subPath: 'sonarr' };

  it('may have mount options, even with generations', () => {
    const lock = { version: 1, live: { app: { '/config': 'new' } } } as const;
    const pod = podWith({ config }, {}, lock);
    expect(pod.volumes).toEqual([{ name: 'settings', persistentVolumeClaim: { claimName: 'new' } }]);
    expect(pod.containers[0]?.volumeMounts).toEqual([{ name: 'settings', mountPath: '/config', subPath: 'sonarr' }]);
  });

  it('is checked in that form too, with warnings', () => {
    const apps = { sonarr: sonarr({ image, config }) };
    expect(liveCluster(defineCluster(describeApps(apps))).warnings).toMatchObject([{ path: 'apps.sonarr.config' }]);
    const blocks = { ...config, volume: [share('old'), lun('new', { volumeMode: 'Block' })] };
    expect(problemsWith({ config: blocks })).toMatchObject([{ path: 'apps.app.config.volume[1].volumeMode' }]);
  });

  it.each([
    ['a volume without a claim', { volume: emptyDir() }, 'config.volume'],
    ['a volume without a claim, by itself', emptyDir(), 'config'],
    ['a slip', { volume: lun('a'), subpath: 'x' }, 'config.subpath'],
    ['a volume that is none', 5, 'config'],
    ['no generation', { volume: [] }, 'config.volume'],
  ])('is refused as %s', (_, wrong, path) => {
    expect(problemsWith({ config: untyped(wrong) })).toMatchObject([{ path: `apps.app.${path}` }]);
  });
});

describe('a mount', () => {
  it.each([
    ['of a kind that is not known', { kind: 'floppy' }, '["/a"]', 'a volume: iscsi({…})'],
    ['of nothing', null, '["/a"]', 'a volume'],
    ['of generations without a claim', [emptyDir()], '["/a"][0]', 'a volume: iscsi({…})'],
    [
      'with a propagation that is none',
      { volume: emptyDir(), mountPropagation: 'Both' },
      '["/a"].mountPropagation',
      '"None"',
    ],
    ['with a name that is none', { volume: emptyDir(), name: 'A' }, '["/a"].name', 'a name of lower case'],
  ])('is refused %s', (_, mount, path, expected) => {
    expect(problemsWith({ mounts: { '/a': untyped(mount) } })).toMatchObject([
      { path: `apps.app.mounts${path}`, expected: expect.stringContaining(expected) },
    ]);
  });
});
