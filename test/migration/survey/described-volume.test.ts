import { describe, expect, it } from 'vitest';
import { boundRefusals } from '../../../lib/migration/survey/described-volume';
import { expectAdvice, type Told } from '../../expect-advice';
import { lun, share, untyped } from '../../helpers';
import { boundObjectsOf } from '../storage-objects';

const deleted = { deletionTimestamp: new Date() };
const claimSubject = 'PersistentVolumeClaim media/config';
const volumeSubject = 'PersistentVolume config';
type Objects = ReturnType<typeof boundObjectsOf>;

describe.each([share('config'), lun('config')])('a claim and PersistentVolume of kind $kind', (volume) => {
  const { claim, persistentVolume } = boundObjectsOf(volume);
  const refusals = (claims: readonly Objects['claim'][], volumes: readonly Objects['persistentVolume'][]) =>
    boundRefusals({ volume, namespace: 'media', claims, volumes });

  it('are not refused if they are as described', () => {
    expect(refusals([claim], [persistentVolume])).toEqual([]);
  });

  const withClaim = (more: object) => [{ ...claim, ...more }];
  const withVolume = (more: object) => [{ ...persistentVolume, ...more }];
  const forClaim = (claimRef: object) => withVolume({ spec: { ...persistentVolume.spec, claimRef } });
  const elsewhere = {
    nfs: { server: '192.0.2.200', path: '/volume1/old' },
    iscsi: { ...persistentVolume.spec?.iscsi, lun: 7 },
  };
  const moved = { ...persistentVolume.spec, [volume.kind]: elsewhere[volume.kind] };

  it.each<[string, readonly Objects['claim'][], readonly Objects['persistentVolume'][], Told]>([
    ['no claim', [], [persistentVolume], ['claim-missing', claimSubject]],
    [
      'a claim of another namespace',
      withClaim({ metadata: { ...claim.metadata, namespace: 'tv' } }),
      [persistentVolume],
      ['claim-missing', claimSubject],
    ],
    [
      'a claim that is Pending',
      withClaim({ status: { phase: 'Pending' } }),
      [persistentVolume],
      ['claim-not-bound', claimSubject, 'Pending', 'expected Bound'],
    ],
    [
      'a claim that is Lost',
      withClaim({ status: { phase: 'Lost' } }),
      [],
      ['claim-not-bound', claimSubject, 'Lost', 'expected Bound'],
    ],
    [
      'a claim that is Terminating',
      withClaim({ metadata: { ...claim.metadata, ...deleted } }),
      [persistentVolume],
      ['terminating', claimSubject],
    ],
    [
      'a claim of another PersistentVolume',
      withClaim({ spec: { ...claim.spec, volumeName: 'other' } }),
      [persistentVolume],
      ['claim-bound-elsewhere', claimSubject, 'PersistentVolume other', 'expected config'],
    ],
    ['no PersistentVolume', [claim], [], ['volume-missing', volumeSubject]],
    [
      'a PersistentVolume that is Terminating',
      [claim],
      withVolume({ metadata: { name: 'config', ...deleted } }),
      ['terminating', volumeSubject],
    ],
    [
      'a PersistentVolume that is Released',
      [claim],
      withVolume({ status: { phase: 'Released' } }),
      ['volume-not-bound', volumeSubject, 'Released', 'expected Bound'],
    ],
    [
      'a PersistentVolume for another claim',
      [claim],
      forClaim({ namespace: 'tv', name: 'config' }),
      ['volume-of-other-claim', volumeSubject, 'tv/config', 'expected claim media/config'],
    ],
    [
      'a PersistentVolume for a claim that had its name',
      [claim],
      forClaim({ namespace: 'media', name: 'config', uid: 'old' }),
      ['volume-of-other-claim', volumeSubject, 'media/config', 'uid old', 'expected claim media/config'],
    ],
    [
      'a PersistentVolume of another source',
      [claim],
      withVolume({ spec: untyped({ claimRef: persistentVolume.spec?.claimRef, hostPath: { path: '/x' } }) }),
      ['stored-elsewhere', volumeSubject, 'source', volume.kind, 'hostPath'],
    ],
    [
      'other bytes',
      [claim],
      withVolume({ spec: moved }),
      volume.kind === 'nfs'
        ? ['stored-elsewhere', volumeSubject, 'nfs.path', '/volume1/config', '/volume1/old']
        : ['stored-elsewhere', volumeSubject, 'iscsi.lun', 1, 7],
    ],
  ])('are refused with %s', (_, claims, volumes, expected) => {
    expectAdvice(refusals(claims, volumes), [expected]);
  });
});
