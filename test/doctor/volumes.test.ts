import { describe, expect, it } from 'vitest';
import { defineCluster, liveCluster } from '../../lib/cluster';
import { claimFindings } from '../../lib/doctor/claims';
import { describedVolumes } from '../../lib/doctor/described-volumes';
import { volumeFindings } from '../../lib/doctor/volumes';
import type { StorageObjects } from '../../lib/kubernetes/storage-objects';
import { kindOf } from '../../lib/volumes/kinds';
import { expectAdvice, type Told } from '../expect-advice';
import { describeApps, image, lun, share } from '../helpers';

const old = share('jellyfin-config');
const live = lun('jellyfin-config-2');
const described = describedVolumes(
  liveCluster(defineCluster(describeApps({ jellyfin: { image, config: [old, live] } })), {
    version: 1,
    live: { jellyfin: { '/config': live.name } },
  }),
);

it('described volumes are all generations, and which one is live', () => {
  expect(described.map(({ volume, namespace, isLive }) => [volume.name, namespace, isLive])).toEqual([
    ['jellyfin-config', 'media', false],
    ['jellyfin-config-2', 'media', true],
  ]);
});

it('a volume that two apps mount is described once', () => {
  const media = share('media');
  const apps = { one: { image, mounts: { '/media': media } }, two: { image, mounts: { '/media': media } } };
  expect(describedVolumes(liveCluster(defineCluster(describeApps(apps))))).toHaveLength(1);
});

const specOf = (name: string) =>
  kindOf(name === old.name ? old : live).persistentVolume(name === old.name ? old : live, 'media')?.spec;
const volume = (phase: string, claim = live.name, name = live.name): StorageObjects['volumes'][number] => ({
  metadata: { name },
  spec: { ...specOf(name), claimRef: { namespace: 'media', name: claim, uid: '0' } },
  status: { phase },
});
const terminating = { deletionTimestamp: new Date() };

describe('a PersistentVolume', () => {
  const toClaim = (name: string) =>
    `-p '{"spec":{"claimRef":{"namespace":"media","name":"${name}","uid":null,"resourceVersion":null}}}'`;

  const subject = 'PersistentVolume jellyfin-config-2';
  it.each<[string, ReturnType<typeof volume>, Told, string]>([
    [
      'Released',
      volume('Released'),
      ['volume-released', subject, 'media/jellyfin-config-2'],
      `kubectl patch pv jellyfin-config-2 --type=merge ${toClaim('jellyfin-config-2')}; then apply the claim again`,
    ],
    [
      'Released by a claim of another name',
      volume('Released', 'other'),
      ['volume-released', subject, 'media/other'],
      'make sure that nothing else needs its data, and delete nothing; then give it to media/jellyfin-config-2: kubectl patch',
    ],
    [
      'Failed',
      { ...volume('Failed'), status: { phase: 'Failed', message: 'no deletable plugin' } },
      ['volume-failed', subject, 'media/jellyfin-config-2', 'no deletable plugin'],
      `kubectl patch pv jellyfin-config-2 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
    ],
    [
      'bound to another claim',
      volume('Bound', 'other'),
      ['volume-of-other-claim', subject, 'media/other', 'expected', 'media/jellyfin-config-2'],
      'delete nothing: see who uses that claim ("Used By" of kubectl describe pvc other -n media)',
    ],
    [
      'Terminating',
      { ...volume('Bound'), metadata: { name: live.name, ...terminating } },
      ['terminating', subject],
      `kubectl patch pv jellyfin-config-2 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
    ],
    [
      'elsewhere than described',
      { ...volume('Bound'), spec: { claimRef: volume('Bound').spec?.claimRef, nfs: { server: 'nas', path: '/x' } } },
      ['stored-elsewhere', subject, 'source', 'iscsi', 'nfs'],
      'as the cluster has it',
    ],
    [
      'Released, of an older generation,',
      volume('Released', old.name, old.name),
      ['volume-released', 'PersistentVolume jellyfin-config', 'media/jellyfin-config'],
      toClaim('jellyfin-config'),
    ],
  ])('that is %s is told', (_, object, expected, remedy) => {
    const found = volumeFindings(described, { volumes: [object] }, 'kubectl');
    expectAdvice(found, [expected]);
    const severity = object.metadata?.name === live.name ? 'error' : 'warning';
    expect(found).toMatchObject([{ severity, remedy: expect.stringContaining(remedy) }]);
  });

  it.each<[string, StorageObjects['volumes']]>([
    ['is not there yet', []],
    ['is bound as described', [volume('Bound')]],
    ['waits for its claim', [volume('Available')]],
    ['is nobody’s here', [volume('Released', 'other', 'other')]],
  ])('that %s is not told', (_, volumes) => {
    expect(volumeFindings(described, { volumes }, 'kubectl')).toEqual([]);
  });
});

describe('a claim', () => {
  const claim = (phase: string, volumeName?: string): StorageObjects['claims'][number] => ({
    metadata: { name: live.name, namespace: 'media', uid: '1' },
    spec: { volumeName },
    status: { phase },
  });
  const event = (reason: string, message: string, minute: number, uid = '1'): StorageObjects['events'][number] => ({
    metadata: {},
    involvedObject: { kind: 'PersistentVolumeClaim', name: live.name, namespace: 'media', uid },
    reason,
    message,
    lastTimestamp: new Date(minute * 60_000),
  });
  const subject = 'PersistentVolumeClaim media/jellyfin-config-2';

  it.each<[string, ReturnType<typeof claim>, StorageObjects['events'], 'error' | 'warning', Told, string]>([
    [
      'is Pending, with the latest event',
      claim('Pending', live.name),
      [event('FailedBinding', 'new', 2), event('ProvisioningFailed', 'old', 1), event('Other', 'another life', 3, '0')],
      'error',
      ['claim-pending', subject, 'new', 'FailedBinding'],
      'kubectl get pv jellyfin-config-2',
    ],
    [
      'is Pending without a word',
      claim('Pending'),
      [],
      'error',
      ['claim-pending', subject, 'does not say'],
      'kubectl get storageclass',
    ],
    [
      'waits for its pod',
      claim('Pending'),
      [event('WaitForFirstConsumer', 'waiting', 1)],
      'warning',
      ['claim-waits-for-pod', subject],
      'start the app',
    ],
    [
      'is Terminating',
      {
        ...claim('Bound', live.name),
        metadata: { name: live.name, namespace: 'media', deletionTimestamp: new Date() },
      },
      [],
      'error',
      ['terminating', subject],
      `once the claim is gone: kubectl patch pv jellyfin-config-2 --type=merge -p '{"spec":{"claimRef":{"namespace":"media","name":"jellyfin-config-2","uid":null`,
    ],
    [
      'is Lost',
      claim('Lost', live.name),
      [],
      'error',
      ['claim-lost', subject, 'PersistentVolume jellyfin-config-2'],
      `kubectl patch pv jellyfin-config-2 --type=merge -p '{"spec":{"claimRef":{"uid":"1"}}}'`,
    ],
  ])('that %s is told', (_, object, events, severity, expected, remedy) => {
    const found = claimFindings(described, { claims: [object], events }, 'kubectl');
    expectAdvice(found, [expected]);
    expect(found).toMatchObject([{ severity, remedy: expect.stringContaining(remedy) }]);
  });

  it('that is bound, or in another namespace, is not reported', () => {
    const elsewhere = { ...claim('Pending'), metadata: { name: live.name, namespace: 'other' } };
    expect(claimFindings(described, { claims: [claim('Bound'), elsewhere], events: [] }, 'kubectl')).toEqual([]);
  });
});
