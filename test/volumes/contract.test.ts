import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../lib/core/kubernetes';
import { problemsOf } from '../../lib/core/schema';
import {
  inlineKindOf,
  inlineKinds,
  isPersistent,
  kindOf,
  overlaps,
  type PersistentVolume,
  persistentKinds,
} from '../../lib/volumes';
import { templateWith } from '../helpers';
import { inlineSamples, persistentSamples } from './samples';

const withoutPersistentVolume = ['claim', 'existingClaim'];
const withoutClaim = ['existingClaim'];

it('has a sample of every kind', () => {
  expect(Object.keys(persistentSamples)).toEqual(Object.keys(persistentKinds));
  expect(Object.keys(inlineSamples)).toEqual(Object.keys(inlineKinds));
});

describe.each(Object.values(persistentSamples))('$kind', (sample: PersistentVolume) => {
  const kind = kindOf(sample);
  const manifests = (more: object = {}, namespace = 'media') => {
    const volume = { ...sample, ...more } as PersistentVolume;
    return {
      volume: kind.persistentVolume(volume, namespace),
      claim: kind.persistentVolumeClaim(volume, namespace),
    };
  };

  it('is identified by its kind', () => {
    expect(kind.kind).toBe(sample.kind);
    expect(kind).toBe(persistentKinds[sample.kind]);
    expect(isPersistent(sample)).toBe(true);
    expect(['node', 'pod']).toContain(kind.access);
  });

  it('accepts its sample', () => expect(problemsOf(kind.schema, sample, '')).toEqual([]));

  it('is plain data, and so are its manifests', () => {
    const { volume, claim } = manifests({ readOnly: true });
    for (const data of [sample, volume, claim].filter(Boolean)) {
      expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data);
    }
  });

  it('does not change what the user wrote', () => {
    const frozen = deepFreeze(structuredClone(sample)) as PersistentVolume;
    expect(() => [kind.persistentVolume(frozen, 'media'), kind.persistentVolumeClaim(frozen, 'media')]).not.toThrow();
  });

  it('refuses an unknown property', () => {
    expect(problemsOf(kind.schema, { ...sample, sise: '1Gi' }, 'v')).toMatchObject([
      { path: 'v.sise', value: '1Gi', expected: 'no such property here', remedy: expect.any(String) },
    ]);
  });

  it('reports all problems at once, each with path, found and expected value', () => {
    const broken = { ...sample, name: 'Not A Name', namespace: 'a.b', readOnly: 'yes', accessModes: [], sise: 1 };
    const problems = problemsOf(kind.schema, broken, 'v');
    expect(problems.map(({ path }) => path).sort()).toEqual(
      ['v.accessModes', 'v.name', 'v.namespace', 'v.readOnly', 'v.sise'].sort(),
    );
    for (const { path, value, expected } of problems) {
      expect(value).toEqual((broken as Record<string, unknown>)[path.slice(2)]);
      expect(expected).not.toMatch(/invalid input|^$/i);
    }
  });

  it('refuses a name, namespace, label and annotation that the API server would refuse', () => {
    const wrong = { name: '-a', ...(withoutClaim.includes(sample.kind) ? {} : { labels: { a: 'x y' } }) };
    expect(problemsOf(kind.schema, { ...sample, ...wrong }, 'v')).toHaveLength(Object.keys(wrong).length);
  });

  it('refuses ReadWriteOncePod with other access modes', () => {
    const problems = problemsOf(kind.schema, { ...sample, accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] }, 'v');
    expect(problems).not.toEqual([]);
  });

  it('always gives the same location', () => {
    const location = kind.location(sample, 'media');
    expect(location.system).toMatch(/\S/);
    expect(kind.location(structuredClone(sample), 'media')).toEqual(location);
    expect(overlaps(location, location)).toBe(true);
  });

  it('sets read-only in the claim reference, where the kubelet reads it', () => {
    const claims = (more: object) =>
      templateWith({ mounts: { '/data': { ...sample, ...more } as PersistentVolume } }, { nodes: {} }).spec.volumes;
    expect(claims({ readOnly: true })).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'data', readOnly: true } },
    ]);
    expect(claims({ readOnly: false })).toEqual([{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]);
  });

  if (withoutPersistentVolume.includes(sample.kind))
    it('has no PersistentVolume made by Lunward', () => {
      expect(manifests().volume).toBeUndefined();
    });

  if (withoutClaim.includes(sample.kind))
    it('has no claim made by Lunward', () => {
      expect(manifests().claim).toBeUndefined();
    });

  if (!withoutClaim.includes(sample.kind))
    describe('its claim', () => {
      const claimOf = (more: object = {}) => manifests(more).claim as Manifest;

      it('is in the given namespace, or in its own', () => {
        expect(claimOf()).toMatchObject({
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data', namespace: 'media' },
        });
        expect(claimOf({ namespace: 'tv' }).metadata.namespace).toBe('tv');
      });

      it('requests the size, with access modes and a file system', () => {
        expect(claimOf().spec).toMatchObject({
          resources: { requests: { storage: '10Gi' } },
          volumeMode: 'Filesystem',
          accessModes: [expect.stringMatching(/^ReadWrite/)],
        });
      });

      it('carries labels and annotations', () => {
        const notes = { labels: { tier: 'media' }, annotations: { 'example.com/owner': 'me' } };
        expect(claimOf(notes).metadata).toMatchObject(notes);
        expect(claimOf().metadata).toEqual({ name: 'data', namespace: 'media' });
      });

      it.each(['0Gi', '10 Gi', '', 10])('refuses size %j', (size) => {
        expect(problemsOf(kind.schema, { ...sample, size }, 'v')).toMatchObject([{ path: 'v.size', value: size }]);
      });
    });

  if (!withoutPersistentVolume.includes(sample.kind))
    describe('its PersistentVolume', () => {
      const both = (more: object = {}, namespace?: string) =>
        manifests(more, namespace) as { volume: Manifest; claim: Manifest };

      it('has no namespace', () => {
        expect(both().volume).toMatchObject({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'data' } });
        expect(both({ namespace: 'tv' }).volume.metadata).not.toHaveProperty('namespace');
      });

      it('is ignored by provisioners, on both sides', () => {
        const { volume, claim } = both();
        expect(volume.spec?.storageClassName).toBe('');
        expect(claim.spec?.storageClassName).toBe('');
      });

      it('is bound from both sides, without a uid', () => {
        const { volume, claim } = both({ volumeName: 'data-volume', namespace: 'tv' });
        expect(volume.metadata.name).toBe('data-volume');
        expect(claim.spec?.volumeName).toBe('data-volume');
        expect(volume.spec?.claimRef).toEqual({
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          name: 'data',
          namespace: 'tv',
        });
      });

      it('names its claim in the given namespace', () => {
        expect(both({}, 'tv').volume.spec?.claimRef).toMatchObject({ namespace: 'tv' });
      });

      it('leaves the claim out if told to', () => {
        expect(both({ preBind: false }).volume.spec).not.toHaveProperty('claimRef');
        expect(both({ preBind: false }).claim.spec?.volumeName).toBe('data');
      });

      it('retains the data unless told otherwise', () => {
        expect(both().volume.spec?.persistentVolumeReclaimPolicy).toBe('Retain');
        const policy = { persistentVolumeReclaimPolicy: 'Delete' };
        expect(both(policy).volume.spec).toMatchObject(policy);
        expect(problemsOf(kind.schema, { ...sample, persistentVolumeReclaimPolicy: 'Recycle' }, 'v')).toHaveLength(1);
      });

      it('has the size and access modes of its claim', () => {
        const { volume, claim } = both();
        expect(volume.spec?.capacity).toEqual({ storage: '10Gi' });
        expect(volume.spec?.accessModes).toEqual(claim.spec?.accessModes);
        const [mode] = sample.kind === 'local' ? ['ReadWriteOnce'] : ['ReadOnlyMany'];
        const other = both({ accessModes: [mode] });
        expect([other.volume.spec?.accessModes, other.claim.spec?.accessModes]).toEqual([[mode], [mode]]);
      });

      it('carries the labels and annotations of its claim', () => {
        const notes = { labels: { tier: 'media' }, annotations: { 'example.com/owner': 'me' } };
        expect(both(notes).volume.metadata).toMatchObject(notes);
      });

      it('accepts mount options', () => {
        const options = { mountOptions: ['noatime', 'nfsvers=4.1'] };
        expect(problemsOf(kind.schema, { ...sample, ...options }, '')).toEqual([]);
        expect(both(options).volume.spec).toMatchObject(options);
        expect(problemsOf(kind.schema, { ...sample, mountOptions: ['no atime'] }, 'v')).toMatchObject([
          { path: 'v.mountOptions[0]' },
        ]);
      });

      it('accepts the nodes that can reach it', () => {
        const affinity = { required: { nodeSelectorTerms: [{ matchExpressions: [] }] } };
        if (sample.kind === 'local') {
          expect(problemsOf(kind.schema, { ...sample, nodeAffinity: affinity }, 'v')).toMatchObject([
            { path: 'v.nodeAffinity' },
          ]);
        } else {
          expect(problemsOf(kind.schema, { ...sample, nodeAffinity: affinity }, '')).toEqual([]);
          expect(both({ nodeAffinity: affinity }).volume.spec?.nodeAffinity).toEqual(affinity);
        }
      });

      it('has exactly one source', () => {
        const sources = ['iscsi', 'nfs', 'csi', 'local'].filter((key) => key in (both().volume.spec ?? {}));
        expect(sources).toHaveLength(1);
      });
    });
});

describe.each(Object.values(inlineSamples))('$kind', (sample) => {
  const kind = inlineKindOf(sample);

  it('is identified by its kind', () => {
    expect(kind).toBe(inlineKinds[sample.kind]);
    expect(kind.kind).toBe(sample.kind);
    expect(isPersistent(sample)).toBe(false);
  });

  it('accepts its sample and refuses an unknown property', () => {
    expect(problemsOf(kind.schema, sample, '')).toEqual([]);
    expect(problemsOf(kind.schema, { ...sample, sise: 1 }, 'v')).toMatchObject([{ path: 'v.sise', value: 1 }]);
  });

  it('is plain data with one source, even an empty one', () => {
    const source = kind.source(sample);
    expect(Object.keys(source)).toHaveLength(1);
    expect(JSON.parse(JSON.stringify(source))).toStrictEqual(source);
    expect(templateWith({ mounts: { '/data': sample } }).spec.volumes).toEqual([{ name: 'data', ...source }]);
  });
});

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
