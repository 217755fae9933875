import { JsonPatch } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { audiobookshelf, jellyfin, qbittorrent, sonarr } from '../../lib/catalog';
import { type ClusterDescription, defineCluster } from '../../lib/cluster';
import type { Lock } from '../../lib/cluster/lock';
import { synthesizeCluster, toYaml } from '../../lib/constructs';
import { claim, emptyDir, existingClaim, inlineNfs } from '../../lib/volumes';
import { describeApps, image, lun, manifestsWith, refusal, share } from '../helpers';

const media = share('media', { labels: { tier: 'media' } });

/** Something of everything, so that an order that slips through is seen. */
const description: ClusterDescription = {
  context: 'home',
  nodes: { 'node-b': {}, 'node-a': { ssh: 'admin@192.0.2.210' } },
  namespace: { name: 'media', labels: { b: '1', a: '2' }, annotations: { 'example.com/z': 'z', 'example.com/y': 'y' } },
  defaults: { timezone: 'Etc/UTC', pgid: 1000, puid: 1000 },
  apps: {
    sonarr: sonarr({
      image,
      config: [share('sonarr'), lun('sonarr-2')],
      mounts: { '/tv': media, '/cache': emptyDir() },
    }),
    jellyfin: jellyfin({
      image,
      config: lun('jellyfin', { labels: { z: 'z', a: 'a' }, mountOptions: ['noatime', 'discard'] }),
      mounts: {
        '/media/tv': { volume: media, subPath: 'tv' },
        '/media': { volume: media, readOnly: true },
        '/cache': claim({ name: 'jellyfin-cache', size: '1Gi', storageClassName: 'local-path' }),
        '/extra': inlineNfs({ server: 'nas', path: '/extra' }),
      },
      gpu: { device: '/dev/dri' },
      podAnnotations: { 'example.com/b': '1', 'example.com/a': '2' },
      ingress: { hosts: ['jellyfin.example.com'], tlsSecretName: 'jellyfin-tls', annotations: { b: '1', a: '2' } },
    }),
    books: audiobookshelf({ image, config: lun('books'), mounts: { '/metadata': lun('books-metadata') } }),
    torrents: qbittorrent({
      image,
      config: lun('torrents'),
      namespace: 'tv',
      service: [{}, { name: 'peers', ports: ['torrent'] }],
    }),
  },
};

const files = (of: ClusterDescription, lock?: Lock) => {
  const { manifests } = synthesizeCluster(defineCluster(of), lock);
  return Object.entries(manifests).map(([name, objects]) => [name, toYaml(objects)] as const);
};

describe('synthesizeCluster', () => {
  const first = files(description);

  it('makes one part per app and one for what they share, sorted', () => {
    expect(first.map(([name]) => name)).toEqual(['books', 'jellyfin', 'shared', 'sonarr', 'torrents']);
  });

  it('gives the same bytes when it runs again', () => expect(files(description)).toEqual(first));

  it.each(Array.from({ length: 25 }, (_, seed) => seed + 1))(
    'is the same whatever the order of the keys (seed %i)',
    (seed) => {
      const shuffled = shuffle(description, generator(seed)) as ClusterDescription;
      expect(JSON.stringify(shuffled)).not.toBe(JSON.stringify(description));
      expect(files(shuffled)).toEqual(first);
    },
  );

  it('sorts by kind in the order of use, then by name', () => {
    const { manifests } = synthesizeCluster(defineCluster(description));
    const told = manifests.jellyfin?.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(told).toEqual([
      'PersistentVolume jellyfin',
      'PersistentVolumeClaim jellyfin',
      'PersistentVolumeClaim jellyfin-cache',
      'Deployment jellyfin',
      'Service jellyfin',
      'Ingress jellyfin',
    ]);
    expect(manifests.torrents?.map(({ metadata }) => metadata.name).slice(-2)).toEqual(['peers', 'torrents']);
  });

  it('puts objects of an unknown kind last', () => {
    const kinds = manifestsWith({
      image,
      ports: { http: 80 },
      customize: ({ deployment }) => deployment.addJsonPatch(JsonPatch.replace('/kind', 'Rollout')),
    }).map(({ kind }) => kind);
    expect(kinds).toEqual(['Service', 'Rollout']);
  });

  it('makes the live generation, and the others that the cluster has', () => {
    const names = (lock?: Lock) =>
      synthesizeCluster(defineCluster(description), lock)
        .manifests.sonarr?.filter(({ kind }) => kind.startsWith('PersistentVolume'))
        .map(({ metadata }) => metadata.name);
    expect(names()).toEqual(['sonarr', 'sonarr']);
    const both = ['sonarr', 'sonarr-2', 'sonarr', 'sonarr-2'];
    expect(names({ version: 1, live: { sonarr: { '/config': 'sonarr-2' } } })).toEqual(both);
    // Taken back: what was moved to stays until it is retired.
    const sealed = { sonarr: { 'sonarr-2': { attempt: 1, uuid: '3f0c9a54-1b7e-86bd-8000-000000000001' } } };
    expect(names({ version: 1, live: { sonarr: { '/config': 'sonarr' } }, sealed })).toEqual(both);
  });

  it('refuses a lock file that names a generation that is not described', () => {
    const lock: Lock = { version: 1, live: { sonarr: { '/config': 'sonarr-3' } } };
    expect(refusal(() => synthesizeCluster(defineCluster(description), lock)).subject).toBe('lunward.lock.json');
  });

  it('passes on warnings', () => {
    expect(synthesizeCluster(defineCluster(description)).warnings).toMatchObject([{ path: 'apps.sonarr.config' }]);
  });

  it('refers to Secrets and never contains one', () => {
    expect(JSON.stringify(first)).not.toMatch(/kind: Secret|stringData/);
  });
});

describe('shared', () => {
  const shared = (of: ClusterDescription) => synthesizeCluster(defineCluster(of)).manifests.shared ?? [];
  const using = (namespace: string, volume = media) => ({ image, namespace, mounts: { '/m': volume } });

  it('has the namespace with its labels and annotations, and each shared volume once', () => {
    const [namespace, ...volumes] = shared(description);
    expect(namespace).toEqual({ apiVersion: 'v1', kind: 'Namespace', metadata: description.namespace });
    expect(volumes.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'PersistentVolume media',
      'PersistentVolumeClaim media',
    ]);
    const { manifests } = synthesizeCluster(defineCluster(description));
    for (const name of ['sonarr', 'jellyfin']) {
      expect(JSON.stringify(manifests[name]?.filter(({ kind }) => kind !== 'Deployment'))).not.toContain('"media",');
      expect(manifests[name]?.map(({ metadata }) => metadata.name)).not.toContain('media');
    }
  });

  it('leaves out a namespace that already exists', () => {
    expect(shared(describeApps({}, { namespace: { name: 'media', existing: true } }))).toEqual([]);
    expect(shared(describeApps({})).map(({ kind }) => kind)).toEqual(['Namespace']);
  });

  it('makes claims in the namespaces of the apps', () => {
    const claims = shared(describeApps({ a: using('tv'), b: using('tv') })).slice(1);
    expect(
      claims.map(({ metadata, spec }) => [metadata.namespace, (spec?.claimRef as { namespace?: string })?.namespace]),
    ).toEqual([
      [undefined, 'tv'],
      ['tv', undefined],
    ]);
  });

  it('distinguishes two claims with one name in two namespaces', () => {
    const other = { ...media, volumeName: 'tv-media' };
    const apps = { a: using('media'), b: using('media'), c: using('tv', other), d: using('tv', other) };
    const claims = shared(describeApps(apps)).filter(({ kind }) => kind === 'PersistentVolumeClaim');
    expect(claims.map(({ metadata }) => metadata.namespace)).toEqual(['media', 'tv']);
    const turned = { d: using('tv', other), c: using('tv', other), b: using('media'), a: using('media') };
    expect(shared(describeApps(turned))).toEqual(shared(describeApps(apps)));
  });

  it('makes nothing for an existing claim', () => {
    const mounts = { '/m': existingClaim({ name: 'x', accessModes: ['ReadWriteMany'] }) };
    expect(shared(describeApps({ a: { image, mounts }, b: { image, mounts } }))).toHaveLength(1);
  });
});

describe('toYaml', () => {
  const env = {
    MASK: '022',
    YES: 'yes',
    TIME: '12:30:00',
    NUMBER: '1_000',
    NULL: 'null',
    HEX: '0x1f',
    NOTE: 'a: b #c\n',
  };
  const manifests = manifestsWith({ env, mounts: { '/scratch': emptyDir() } });

  it.each(['1.1', '1.2'] as const)('is parsed back to the same objects by YAML %s', (version) => {
    const documents = parseAllDocuments(toYaml(manifests), { version }).map((document) => document.toJS());
    expect(documents).toEqual(JSON.parse(JSON.stringify(manifests)));
  });

  it('keeps intentionally empty values', () => expect(toYaml(manifests)).toContain('emptyDir: {}'));
});

/** Numbers from 0 to 1, the same for one seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

// Ports are a list in all but form, the web page first, and facts are the catalog's.
const ordered = ['ports', 'env', 'facts'];

function shuffle(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => shuffle(item, random));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => ({ at: random(), key, inner }))
      .sort((left, right) => left.at - right.at)
      .map(({ key, inner }) => [key, ordered.includes(key) ? inner : shuffle(inner, random)]),
  );
}
