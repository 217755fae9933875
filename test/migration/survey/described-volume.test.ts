import { describe, expect, it } from 'vitest';
import { adviceSentence } from '../../../lib/core/advice';
import { boundRefusals } from '../../../lib/migration/survey/described-volume';
import { lun, share, untyped } from '../../helpers';
import { boundObjectsOf } from '../storage-objects';

const deleted = { deletionTimestamp: new Date() };
type Objects = ReturnType<typeof boundObjectsOf>;

describe.each([share('config'), lun('config')])('a claim and PersistentVolume of kind $kind', (volume) => {
  const { claim, persistentVolume } = boundObjectsOf(volume);
  const reasons = (claims: readonly Objects['claim'][], volumes: readonly Objects['persistentVolume'][]) =>
    boundRefusals({ volume, namespace: 'media', claims, volumes }).map(adviceSentence);

  it('are not refused if they are as described', () => {
    expect(reasons([claim], [persistentVolume])).toEqual([]);
  });

  const withClaim = (more: object) => [{ ...claim, ...more }];
  const withVolume = (more: object) => [{ ...persistentVolume, ...more }];
  const forClaim = (claimRef: object) => withVolume({ spec: { ...persistentVolume.spec, claimRef } });
  const elsewhere = {
    nfs: { server: '192.0.2.200', path: '/volume1/old' },
    iscsi: { ...persistentVolume.spec?.iscsi, lun: 7 },
  };
  const moved = { ...persistentVolume.spec, [volume.kind]: elsewhere[volume.kind] };

  it.each<[string, readonly Objects['claim'][], readonly Objects['persistentVolume'][], RegExp]>([
    ['no claim', [], [persistentVolume], /^PersistentVolumeClaim media\/config is not in the cluster/],
    [
      'a claim of another namespace',
      withClaim({ metadata: { ...claim.metadata, namespace: 'tv' } }),
      [persistentVolume],
      /is not in the cluster/,
    ],
    [
      'a claim that is Pending',
      withClaim({ status: { phase: 'Pending' } }),
      [persistentVolume],
      /is Pending, expected Bound/,
    ],
    ['a claim that is Lost', withClaim({ status: { phase: 'Lost' } }), [], /is Lost, expected Bound/],
    [
      'a claim that is Terminating',
      withClaim({ metadata: { ...claim.metadata, ...deleted } }),
      [persistentVolume],
      /^PersistentVolumeClaim media\/config is Terminating/,
    ],
    [
      'a claim of another PersistentVolume',
      withClaim({ spec: { ...claim.spec, volumeName: 'other' } }),
      [persistentVolume],
      /is bound to PersistentVolume other, expected config/,
    ],
    ['no PersistentVolume', [claim], [], /^PersistentVolume config is not in the cluster/],
    [
      'a PersistentVolume that is Terminating',
      [claim],
      withVolume({ metadata: { name: 'config', ...deleted } }),
      /^PersistentVolume config is Terminating/,
    ],
    [
      'a PersistentVolume that is Released',
      [claim],
      withVolume({ status: { phase: 'Released' } }),
      /is Released, expected Bound/,
    ],
    [
      'a PersistentVolume for another claim',
      [claim],
      forClaim({ namespace: 'tv', name: 'config' }),
      /is for claim tv\/config, expected claim media\/config/,
    ],
    [
      'a PersistentVolume for a claim that had its name',
      [claim],
      forClaim({ namespace: 'media', name: 'config', uid: 'old' }),
      /with the uid old, which is gone/,
    ],
    [
      'a PersistentVolume of another source',
      [claim],
      withVolume({ spec: untyped({ claimRef: persistentVolume.spec?.claimRef, hostPath: { path: '/x' } }) }),
      new RegExp(`source: described ${volume.kind}, found hostPath`),
    ],
    [
      'other bytes',
      [claim],
      withVolume({ spec: moved }),
      /keeps its data elsewhere than is described: (nfs\.path: described \/volume1\/config, found \/volume1\/old|iscsi\.lun: described 1, found 7)$/,
    ],
  ])('are refused with %s', (_, claims, volumes, reason) => {
    expect(reasons(claims, volumes)).toEqual([expect.stringMatching(reason)]);
  });
});
