import { describe, expect, it } from 'vitest';
import { claim, emptyDir, inlineNfs, secret } from '../../../lib/volumes';
import type { MediaAppProps } from '../../../lib/workload';
import { lun, podWith, share } from '../../helpers';

const volumesOf = (props: Partial<MediaAppProps>) => {
  const { volumes, containers } = podWith(props);
  return { volumes, mounts: containers[0]?.volumeMounts };
};

describe('podVolumes', () => {
  it('makes one volume for several mounts of it', () => {
    const media = share('media');
    const { volumes, mounts } = volumesOf({
      mounts: {
        '/movies': { volume: media, subPath: 'movies', readOnly: true },
        '/tv': { volume: media, subPath: 'tv', mountPropagation: 'HostToContainer' },
        '/all': media,
      },
    });
    expect(volumes).toEqual([{ name: 'media', persistentVolumeClaim: { claimName: 'media' } }]);
    expect(mounts).toEqual([
      { name: 'media', mountPath: '/all' },
      { name: 'media', mountPath: '/movies', subPath: 'movies', readOnly: true },
      { name: 'media', mountPath: '/tv', subPath: 'tv', mountPropagation: 'HostToContainer' },
    ]);
  });

  it('mounts one directory inside another, the outer one first', () => {
    const { volumes, mounts } = volumesOf({
      config: lun('settings'),
      mounts: { '/config/data/cache': emptyDir(), '/config/data': lun('data') },
    });
    expect(mounts?.map(({ mountPath, name }) => [mountPath, name])).toEqual([
      ['/config', 'settings'],
      ['/config/data', 'data'],
      ['/config/data/cache', 'cache'],
    ]);
    expect(volumes).toHaveLength(3);
  });

  it('names a volume as told, or else after its claim or its directory', () => {
    const { volumes } = volumesOf({
      mounts: {
        '/a': claim({ name: 'Data.1'.toLowerCase(), size: '1Gi' }),
        '/b/Tv Shows': inlineNfs({ server: 'nas', path: '/tv' }),
        '/c/tv-shows': secret({ secretName: 'x' }),
        '/d': { volume: emptyDir(), name: 'scratch' },
        '/e/-': emptyDir({ medium: 'Memory' }),
      },
    });
    expect(volumes?.map(({ name }) => name)).toEqual(['data-1', 'tv-shows', 'tv-shows-2', 'scratch', 'volume']);
  });

  it('keeps names within 63 characters', () => {
    const long = 'x'.repeat(80);
    const { volumes } = volumesOf({
      mounts: { [`/a/${long}`]: emptyDir(), [`/b/${long}`]: emptyDir({ medium: 'Memory' }) },
    });
    for (const { name } of volumes ?? []) {
      expect(name).toMatch(/^[a-z0-9-]{1,63}$/);
    }
    expect(new Set(volumes?.map(({ name }) => name)).size).toBe(2);
  });

  it('keeps the volume’s name when another generation is live, because sidecars use the name', () => {
    const config = [lun('old'), lun('new')];
    const sidecar = { name: 'exporter', volumeMounts: [{ name: 'old', mountPath: '/config' }] };
    const lock = { version: 1, live: { app: { '/config': 'new' } } } as const;
    const pod = podWith({ config, pod: { containers: [sidecar] } }, {}, lock);
    expect(pod.volumes).toEqual([{ name: 'old', persistentVolumeClaim: { claimName: 'new' } }]);
    expect(pod.containers.map(({ volumeMounts }) => volumeMounts?.[0]?.name)).toEqual(['old', 'old']);
  });

  it('adds the volumes of `pod` and `container`', () => {
    const { volumes, mounts } = volumesOf({
      config: lun('a'),
      pod: { volumes: [{ name: 'token', projected: { sources: [] } }] },
      container: { volumeMounts: [{ name: 'token', mountPath: '/token' }] },
    });
    expect([volumes?.[1]?.name, mounts?.[1]?.mountPath]).toEqual(['token', '/token']);
  });
});
