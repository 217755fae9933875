import { describe, expect, it } from 'vitest';
import { audiobookshelf, sonarr } from '../../lib/catalog';
import {
  claim,
  csi,
  democraticCsi,
  existingClaim,
  local,
  nfsCsi,
  onNodes,
  type PersistentVolume,
  smb,
} from '../../lib/volumes';
import type { MediaAppProps } from '../../lib/workload';
import { image, lun, problemsIn, share } from '../helpers';

const app = (props: Partial<MediaAppProps>): MediaAppProps => ({ image, ...props });
const withConfig = (config: MediaAppProps['config'], more: Partial<MediaAppProps> = {}) => app({ config, ...more });

describe('two objects with the same name', () => {
  it.each([
    ['Deployments', { name: 'x' }, 'Deployment media/x'],
    ['Services', { ports: { http: 80 }, service: { name: 'x' } }, 'Service media/x'],
    [
      'Ingresses',
      { ports: { http: 80 }, service: {}, ingress: { name: 'x', hosts: ['a.example.com'] } },
      'Ingress media/x',
    ],
  ])('are refused: %s', (_, props, key) => {
    expect(problemsIn({ a: app(props), b: app(props) })).toContainEqual(
      expect.objectContaining({ path: 'apps.b', value: key, expected: expect.stringContaining('apps.a has') }),
    );
    expect(problemsIn({ a: app(props), b: app({ ...props, namespace: 'tv' }) })).toEqual([]);
  });
});

describe('two selectors', () => {
  const tv = (more: Partial<MediaAppProps> = {}) => app({ selector: { app: 'tv' }, ...more });

  it.each<[string, Partial<MediaAppProps>]>([
    ['the same', tv()],
    ['one that finds the other’s pods by a label they have beside', app({ podLabels: { app: 'tv' } })],
    ['a narrower one', tv({ selector: { app: 'tv', tier: 'media' } })],
  ])('are refused where the apps would mix their pods: %s', (_, other) => {
    expect(problemsIn({ a: tv(), b: { image, ...other } })).toContainEqual(
      expect.objectContaining({ path: 'apps.a.selector', expected: expect.stringContaining('apps.b have them too') }),
    );
  });

  it.each<[string, Partial<MediaAppProps>]>([
    ['another value', tv({ selector: { app: 'movies' } })],
    ['another namespace', tv({ namespace: 'tv' })],
  ])('are fine with %s', (_, other) => {
    expect(problemsIn({ a: tv(), b: { image, ...other } })).toEqual([]);
  });
});

describe('two volumes with the same name', () => {
  const here = lun('settings');
  const there = { ...lun('settings'), iqn: 'iqn.2000-01.com.example:other' };

  it.each<[string, Record<string, MediaAppProps>, string, string]>([
    ['across apps', { a: withConfig(here), b: withConfig(there) }, 'apps.b.config', 'apps.a.config'],
    ['across generations', { a: withConfig([here, there]) }, 'apps.a.config[1]', 'apps.a.config[0]'],
    [
      'across namespaces, for a PersistentVolume has none',
      { a: withConfig(here), b: withConfig(there, { namespace: 'tv' }) },
      'apps.b.config',
      'apps.a.config',
    ],
    [
      'by volumeName',
      { a: withConfig(here), b: withConfig({ ...there, name: 'b', volumeName: 'settings' }) },
      'apps.b.config',
      'apps.a.config',
    ],
    [
      'in mounts',
      { a: withConfig(here), b: app({ mounts: { '/a': { volume: share('settings') } } }) },
      'apps.b.mounts["/a"].volume',
      'apps.a.config',
    ],
    [
      'claims of a class',
      {
        a: app({ mounts: { '/a': claim({ name: 'settings', size: '1Gi' }) } }),
        b: app({ mounts: { '/b': claim({ name: 'settings', size: '2Gi' }) } }),
      },
      'apps.b.mounts["/b"]',
      'apps.a.mounts["/a"]',
    ],
  ])('are refused %s', (_, apps, path, other) => {
    expect(problemsIn(apps)).toEqual([
      {
        path,
        value: expect.stringMatching(/^PersistentVolume(Claim media\/)? ?settings$/),
        expected: `a name of its own: ${other} gives another volume this one`,
        remedy: expect.stringContaining('choose another name'),
      },
    ]);
  });

  it('are fine as claims in two namespaces with two volumeNames', () => {
    const other = { ...there, volumeName: 'tv-settings' };
    expect(problemsIn({ a: withConfig(here), b: withConfig(other, { namespace: 'tv' }) })).toEqual([]);
  });
});

describe('one place under two apps or generations', () => {
  const a = lun('a');
  const manual = democraticCsi({
    name: 'b',
    targetPortal: '192.0.2.201:3260',
    iqn: a.iqn,
    lun: 1,
    size: '1Gi',
    nodeAffinity: onNodes('node-a'),
  });
  const attributes = { iqn: a.iqn, lun: '1' };
  const pairs: readonly (readonly [string, PersistentVolume, PersistentVolume])[] = [
    ['one LUN', a, { ...a, name: 'b' }],
    ['one LUN through two portals', a, { ...a, name: 'b', targetPortal: '192.0.2.201' }],
    ['one LUN through two drivers', a, manual],
    [
      'one LUN through any driver',
      a,
      csi({ name: 'b', driver: 'csi.example.com', volumeAttributes: attributes, size: '1Gi' }),
    ],
    ['one directory', share('a'), share('b', { path: '/volume1/a' })],
    ['a directory and its parent', share('a', { path: '/volume1/a/b' }), share('b', { path: '/volume1' })],
    ['nfs and nfsCsi', share('a'), nfsCsi({ name: 'b', server: '192.0.2.200', share: '/volume1/a/x', size: '1Gi' })],
    [
      'one share',
      smb({ name: 'a', source: '//nas/a', size: '1Gi' }),
      smb({ name: 'b', source: '//NAS/A', size: '1Gi' }),
    ],
    [
      'one directory of a node',
      local({ name: 'a', node: 'node-a', path: '/a', size: '1Gi' }),
      local({ name: 'b', node: 'node-a', path: '/a/b', size: '1Gi' }),
    ],
    ['one existing claim', existingClaim({ name: 'a' }), existingClaim({ name: 'a', accessModes: ['ReadWriteMany'] })],
    ['a claim that exists and is described', a, existingClaim({ name: 'a' })],
  ];

  it.each(pairs)('is refused across apps: %s', (_, left, right) => {
    expect(problemsIn({ a: withConfig(left), b: withConfig(right) })).toEqual([
      {
        path: 'apps.b.config',
        value: expect.any(String),
        expected: expect.stringMatching(/^a place of its own: apps\.a\.config has /),
        remedy: expect.stringContaining('destroy each other'),
      },
    ]);
  });

  it.each(pairs)('is refused across generations: %s', (_, left, right) => {
    expect(problemsIn({ a: withConfig([left, right]) })).toMatchObject([
      { path: 'apps.a.config[1]', expected: expect.stringContaining('apps.a.config[0] has') },
    ]);
  });

  it('is refused if both apps use the same volume object', () => {
    expect(problemsIn({ a: withConfig(a), b: withConfig(a) })).toMatchObject([{ path: 'apps.b.config' }]);
    expect(problemsIn({ a: withConfig([a, a]) })).toMatchObject([{ path: 'apps.a.config[1]' }]);
    const elsewhere = withConfig(a, { configPath: '/data' });
    expect(problemsIn({ a: withConfig(a), b: elsewhere })).toMatchObject([{ path: 'apps.b.config' }]);
  });

  it('is refused for state outside of the config directory', () => {
    const books = audiobookshelf({ image, config: lun('books'), mounts: { '/metadata': share('x') } });
    expect(problemsIn({ books, b: withConfig(share('b', { path: '/volume1/x' })) })).toMatchObject([
      { path: 'apps.b.config', expected: expect.stringContaining('apps.books.mounts["/metadata"] has') },
    ]);
  });

  it('is refused for a LUN, wherever it is mounted', () => {
    const apps = { a: app({ mounts: { '/a': a } }), b: app({ mounts: { '/b': { ...a, name: 'b' } } }) };
    expect(problemsIn(apps)).toMatchObject([{ path: 'apps.b.mounts["/b"]' }]);
  });

  it('is refused for settings described in `mounts`', () => {
    const apps = { a: app({ mounts: { '/config': share('a') } }), b: withConfig(share('b', { path: '/volume1/a' })) };
    expect(problemsIn(apps)).toMatchObject([{ path: 'apps.b.config' }]);
  });

  it('is fine for media, and for one app at several paths', () => {
    const media = share('media');
    const mounts = { '/tv': { volume: media, subPath: 'tv' }, '/movies': { volume: media, subPath: 'movies' } };
    expect(problemsIn({ a: app({ mounts }), b: app({ mounts }) })).toEqual([]);
    expect(problemsIn({ a: withConfig(a, { mounts: { '/again': a } }) })).toEqual([]);
  });

  it('is fine for two LUNs of one target', () => {
    const other = { ...a, name: 'b', lun: 2 };
    expect(problemsIn({ a: withConfig(a), b: withConfig(other) })).toEqual([]);
  });
});

describe('a generation that data is moved to', () => {
  it.each(['ext4', 'xfs'] as const)('may not be formatted by the kubelet: %s', (fsType) => {
    expect(problemsIn({ a: sonarr({ image, config: [share('old'), lun('new', { fsType })] }) })).toMatchObject([
      {
        path: 'apps.a.config[1].fsType',
        value: fsType,
        expected: expect.stringContaining('"auto"'),
        remedy: expect.stringContaining('formats the LUN'),
      },
    ]);
    expect(problemsIn({ a: sonarr({ image, config: [lun('old', { fsType }), lun('new')] }) })).toEqual([]);
  });

  it('may have fsType auto', () => {
    expect(problemsIn({ a: withConfig([share('old'), lun('new', { fsType: 'auto' })]) })).toEqual([]);
  });

  it('is required: a list must not be empty', () => {
    expect(problemsIn({ a: withConfig([]) })).toMatchObject([
      { path: 'apps.a.config', expected: 'a list of at least 1' },
    ]);
  });
});

describe('a local volume', () => {
  const volume = local({ name: 'a', node: 'node-c', path: '/a', size: '1Gi' });

  it('is on a node that is described', () => {
    const nodes = { 'node-a': {}, 'node-b': {} };
    expect(problemsIn({ a: withConfig(volume) }, { nodes })).toMatchObject([
      { path: 'apps.a.config.node', value: 'node-c', expected: 'one of the nodes: node-a, node-b' },
    ]);
    expect(problemsIn({ a: withConfig(volume) }, { nodes: { 'node-c': {} } })).toEqual([]);
  });

  it('may be on any node if no nodes are described', () => {
    expect(problemsIn({ a: withConfig(volume) })).toEqual([]);
  });
});
