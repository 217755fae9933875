import { describe, expect, it } from 'vitest';
import { type MoveFacts, planMove } from '../../../lib/migration/plan/plan-move';
import type { ProbedFolder } from '../../../lib/scripts/nfs/probe-folder';
import { fileSystemUuid } from '../../../lib/storage/file-system-uuid';
import { identityOfLun } from '../../../lib/storage/iscsi/identity';
import { identityOfFolder } from '../../../lib/storage/nfs/identity';
import type { SeenFolder } from '../../../lib/storage/nfs/target';
import { expectAdvice, type Told } from '../../expect-advice';
import { lun, share } from '../../helpers';
import { entry as entryOf, probed as found, look, seen, stepsOf } from '../../migration/facts';

const GIB = 1024 ** 3;
const place = '192.0.2.200:/volume1/jellyfin-config-3';
const uuid = fileSystemUuid({ volume: 'jellyfin-config-3', attempt: 1, place });
const none = { state: '', attempt: '', volume: '', uuid: '' };
const empty: ProbedFolder = {
  marker: none,
  names: [],
  freeBytes: GIB,
  freeInodes: 1e6,
  held: { bytes: 0, entries: 0 },
};
const marker = (state: string, of = uuid) => ({ state, attempt: '1', volume: 'jellyfin-config-3', uuid: of });
const target = identityOfFolder(share('jellyfin-config-3'));
const entry = (state: 'sealed' | 'abandoned' | 'rolled-back', more: { readonly uuid: string }) =>
  entryOf(state, { target, ...(state === 'sealed' && { manifest: 'f'.repeat(64) }), ...more });
type FolderFacts = MoveFacts & SeenFolder;
const facts = ({ folder = empty, uses = [], ...more }: Partial<FolderFacts> = {}): MoveFacts => ({
  app: 'jellyfin',
  mountPath: '/config',
  volume: share('jellyfin-config-3'),
  attempt: 1,
  looks: [look('node-a'), look('node-b')],
  source: lun('jellyfin-config-2'),
  sourceIdentity: { place: { kind: 'iscsi', wwn: '0x6001', bytes: GIB }, uuid: 'of the LUN', attempt: 1 },
  usedOn: 'node-b',
  isUsed: true,
  found,
  patches: [],
  seen: { folder, uses },
  ...more,
});

describe('a plan to move to a folder', () => {
  it('marks it, copies and hashes, on the node that has the LUN', () => {
    expect(stepsOf(planMove(facts()))).toEqual([
      ['mark', 'node-b', 'building'],
      ['copy', 'node-b', undefined],
      ['hash', 'node-b', 'prepared'],
    ]);
  });

  it('continues its own attempt', () => {
    const begun = facts({ folder: { ...empty, marker: marker('building'), names: ['data'] } });
    expect(planMove(begun).plan?.attempt.uuid).toBe(uuid);
  });

  it('has nothing to do if it is sealed', () => {
    const folder = { ...empty, marker: marker('sealed') };
    expect(planMove(facts({ latest: entry('sealed', { uuid }), folder })).done).toContain(
      'is sealed as attempt 1 since',
    );
  });

  it.each<[string, Partial<FolderFacts>, Told[]]>([
    [
      'somebody has put something there',
      { folder: { ...empty, names: ['films', 'x'] } },
      [['target-not-empty', place, 'films, x']],
    ],
    [
      'it is another volume',
      { folder: { ...empty, marker: marker('sealed', 'other') } },
      [['target-not-empty', place, 'sealed', 'other']],
    ],
    [
      'it is not to be had',
      { folder: 'the server does not answer' },
      [['target-unreadable', place, 'the server does not answer']],
    ],
    [
      'somebody has it mounted',
      { uses: ['node-a has it mounted at /srv'] },
      [['target-in-use', place, 'node-a has it mounted at /srv']],
    ],
    [
      'there is no room',
      { folder: { ...empty, freeBytes: 1024 ** 2 } },
      [['no-room', place, '1 MiB', '100 MiB', 1200]],
    ],
    [
      'there is no room besides what was copied already',
      {
        folder: {
          ...empty,
          marker: marker('building'),
          freeBytes: 1024 ** 2,
          held: { bytes: 98 * 1024 ** 2, entries: 1000 },
        },
      },
      [['no-room', place, '1 MiB', '98 MiB', '100 MiB', 1200]],
    ],
    ['there are no inodes', { folder: { ...empty, freeInodes: 7 } }, [['no-room', place, '1 GiB', '7 inodes']]],
    [
      'the source is not to be had',
      { found: 'it is gone' },
      [['source-unreadable', 'LUN 1 of iqn.2000-01.com.example:jellyfin-config-2', 'it is gone']],
    ],
    [
      'an attempt was given up there',
      { attempt: 2, latest: entry('abandoned', { uuid }), folder: { ...empty, marker: marker('building') } },
      [['target-not-empty', place, 'unsealed', 'attempt 1']],
    ],
    [
      'the app was taken back from it',
      {
        attempt: 2,
        latest: entry('rolled-back', { uuid }),
        folder: { ...empty, marker: marker('sealed') },
      },
      [['target-not-empty', place, 'jellyfin', 'rolled back', 'attempt 1']],
    ],
    [
      'it lies in the one that the data is in',
      { source: share('jellyfin'), volume: share('jellyfin-config-3', { path: '/volume1/jellyfin/new' }) },
      [['target-overlaps-source', '192.0.2.200:/volume1/jellyfin/new', '192.0.2.200:/volume1/jellyfin']],
    ],
    [
      'what was sealed was emptied',
      { latest: entry('sealed', { uuid }) },
      [['sealed-copy-gone', 'PersistentVolume jellyfin-config-3', 'attempt 1', place, 'no marker']],
    ],
  ])('is refused if %s', (_, more, expected) => {
    expectAdvice(planMove(facts(more)).refusals, expected);
  });

  it('starts the next attempt after one that was abandoned on a LUN of that name, but not while one is under way there', () => {
    const onLun = { target: identityOfLun(seen), attempt: 1 };
    expect(planMove(facts({ attempt: 2, latest: entryOf('abandoned', onLun) })).plan?.attempt.attempt).toBe(2);
    expect(() => planMove(facts({ latest: entryOf('prepared', onLun) }))).toThrow(/describe it as it was/);
  });

  it('needs no more space for what it has already copied', () => {
    const held = { bytes: 99 * 1024 ** 2, entries: 1200 };
    const folder = { ...empty, marker: marker('building'), names: ['data'], freeBytes: 1024 ** 2, freeInodes: 7, held };
    expect(planMove(facts({ folder })).refusals).toBeUndefined();
  });

  it('treats a server that counts no inodes as having enough', () => {
    expect(planMove(facts({ folder: { ...empty, freeInodes: 0 } })).refusals).toBeUndefined();
  });
});
