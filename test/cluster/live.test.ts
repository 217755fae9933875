import { describe, expect, it } from 'vitest';
import { defineCluster, liveCluster } from '../../lib/cluster';
import { ownVolumes } from '../../lib/cluster/live';
import type { MediaAppProps } from '../../lib/workload';
import type { MediaAppModel } from '../../lib/workload/model';
import { describeApps, image, lun, share } from '../helpers';

const media = share('media');
const app = (name: string, more: Partial<MediaAppProps> = {}): MediaAppProps => ({
  image,
  config: lun(name),
  mounts: { '/media': media },
  ...more,
});
const live = (apps: Record<string, MediaAppProps>) => liveCluster(defineCluster(describeApps(apps)));
const own = (cluster: ReturnType<typeof live>, name: string) =>
  ownVolumes(cluster, cluster.apps[name] as MediaAppModel).map((volume) => volume.name);

describe('shared volumes', () => {
  it('are those that more than one app mounts, once, with their namespace', () => {
    const cluster = live({ a: app('a'), b: app('b'), c: app('c') });
    expect(cluster.shared).toEqual([{ ...media, namespace: 'media' }]);
    expect([own(cluster, 'a'), own(cluster, 'b')]).toEqual([['a'], ['b']]);
  });

  it('do not include a volume that one app mounts twice', () => {
    const cluster = live({ a: app('a', { mounts: { '/x': media, '/y': media } }) });
    expect(cluster.shared).toEqual([]);
    expect(own(cluster, 'a')).toEqual(['a', 'media']);
  });

  it('are in the namespace of the apps that mount them, not in that of the cluster', () => {
    const cluster = live({ a: app('a', { namespace: 'tv' }), b: app('b', { namespace: 'tv' }) });
    expect(cluster.shared.map(({ namespace }) => namespace)).toEqual(['tv']);
  });

  it('do not include claims with the same name in two namespaces', () => {
    const other = { ...media, volumeName: 'tv-media' };
    const cluster = live({ a: app('a'), b: app('b', { namespace: 'tv', mounts: { '/media': other } }) });
    expect(cluster.shared).toEqual([]);
  });
});
