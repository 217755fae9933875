import { describe, expect, it } from 'vitest';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import {
  type DescribedGenerations,
  missingRefusals,
  placeRefusals,
} from '../../../lib/migration/settle/described-generations';
import { identityOfLun } from '../../../lib/storage/iscsi/identity';
import { identityOfFolder } from '../../../lib/storage/nfs/identity';
import type { DataVolume, Identity } from '../../../lib/storage/registry';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share, untyped } from '../../helpers';
import { objectsOf } from './objects-of';

const [folder, disk] = [share('config'), lun('config-2')];

const modelOf = (generations: readonly DataVolume[]) =>
  resolveApp({ image, config: generations }, { name: 'app', namespace: 'media' });

type Journal = DescribedGenerations['journal'];
const journalOf = (more: Partial<Journal> = {}): Journal => ({
  live: { '/config': 'config-2' },
  before: { '/config': 'config' },
  retired: [],
  cutover: undefined,
  latest: () => undefined,
  ...more,
});

const inCluster = objectsOf(folder, disk);

const sealedIn = (target: Identity, state: JournalEntry['state'] = 'sealed') => ({
  latest: (volume: string) => (volume === 'config-2' ? untyped<JournalEntry>({ state, target }) : undefined),
});

describe('the place of a generation', () => {
  it.each<[string, readonly DataVolume[], string]>([
    ['another folder', [{ ...folder, path: '/volume1/copy' }, disk], 'described /volume1/copy, found /volume1/config'],
    ['another server', [{ ...folder, server: '192.0.2.9' }, disk], 'described 192.0.2.9, found 192.0.2.200'],
    ['another LUN', [folder, { ...disk, lun: 7 }], 'described 7, found 1'],
    ['another target', [folder, { ...disk, iqn: 'iqn.2000-01.com.example:x' }], 'example:x, found iqn'],
    ['another kind', [lun('config'), disk], 'source: described iscsi, found nfs'],
  ])('is refused with both values if %s is described', (_, generations, found) => {
    const refusals = placeRefusals({ model: modelOf(generations), journal: journalOf() }, inCluster);
    expect(refusals).toMatchObject([{ code: 'stored-elsewhere', found: expect.stringContaining(found) }]);
  });

  it('is refused if the claim is bound to another PersistentVolume than is described', () => {
    const model = modelOf([{ ...folder, volumeName: 'other' }, disk]);
    expect(placeRefusals({ model, journal: journalOf() }, inCluster)).toMatchObject([
      { code: 'claim-bound-elsewhere', found: 'is bound to PersistentVolume config', expected: 'other' },
    ]);
  });

  it.each<[string, readonly DataVolume[]]>([
    ['the description has not changed', [folder, disk]],
    ['another portal is described', [folder, { ...disk, targetPortal: '192.0.2.201:3260' }]],
    ['another spelling is described', [{ ...folder, path: '/volume1/config/' }, disk]],
    ['the list has another order', [disk, folder]],
    ['a generation is described that the cluster does not have yet', [folder, disk, lun('config-3')]],
  ])('is not refused if %s', (_, generations) => {
    expect(placeRefusals({ model: modelOf(generations), journal: journalOf() }, inCluster)).toEqual([]);
  });

  it.each<[string, DataVolume, ReturnType<typeof sealedIn>, number]>([
    ['refused: it was sealed in another folder', share('config-2'), sealedIn(identityOfFolder(share('other'))), 1],
    ['refused: it was sealed on another kind', share('config-2'), sealedIn(identityOfLun({ wwn: '0x1', bytes: 1 })), 1],
    ['not refused: it was sealed there', share('config-2'), sealedIn(identityOfFolder(share('config-2'))), 0],
    ['not refused: only a node can say which disk it is', disk, sealedIn(identityOfLun({ wwn: '0x1', bytes: 1 })), 0],
    [
      'not refused: that attempt was given up',
      share('config-2'),
      sealedIn(identityOfFolder(share('other')), 'abandoned'),
      0,
    ],
  ])('that is only in the journal is %s', (_, volume, journal, count) => {
    const site = { model: modelOf([folder, volume]), journal: journalOf(journal) };
    expect(placeRefusals(site, objectsOf(folder))).toHaveLength(count);
  });
});

describe('a volume that the journal knows', () => {
  const move: Cutover = {
    phase: 'stopping',
    at: '',
    replicas: 1,
    volumes: [{ mountPath: '/config', from: 'config-2', to: 'config-3' }],
  };

  it.each<[string, readonly DataVolume[], Partial<Journal>, readonly string[]]>([
    ['the live one', [folder], {}, ['Claim config-2']],
    ['the one before', [disk], {}, ['Claim config']],
    ['the target of a move', [folder, disk], { cutover: move }, ['Claim config-3']],
  ])('is reported if it is not described: %s', (_, generations, journal, subjects) => {
    const found = missingRefusals({ model: modelOf(generations), journal: journalOf(journal) });
    expect(found.map(({ code, subject }) => [code, subject])).toEqual(
      subjects.map((subject) => ['volume-not-described', subject]),
    );
  });

  it('is not reported if it is described, or retired', () => {
    expect(missingRefusals({ model: modelOf([disk, folder]), journal: journalOf() })).toEqual([]);
    expect(missingRefusals({ model: modelOf([disk]), journal: journalOf({ retired: ['config'] }) })).toEqual([]);
  });
});
