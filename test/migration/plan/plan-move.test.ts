import { describe, expect, it } from 'vitest';
import { jellyfin } from '../../../lib/catalog';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import { type MoveFacts, planMove } from '../../../lib/migration/plan/plan-move';
import { identityOfLun } from '../../../lib/storage/iscsi/identity';
import { identityOfFolder } from '../../../lib/storage/nfs/identity';
import { expectAdvice, type Told } from '../../expect-advice';
import { lun, share } from '../../helpers';
import { entry, probed as found, loggedIn, look, seen, targetFacts } from '../facts';

const source = share('jellyfin-config');
const facts = (more: Partial<MoveFacts> = {}): MoveFacts => ({
  ...targetFacts(),
  source,
  found,
  patches: jellyfin.facts.patches ?? [],
  ...more,
});
const digest = (input: MoveFacts) => {
  const planned = planMove(input);
  return planned.plan ? planned.digest : undefined;
};

describe('a plan to move', () => {
  it('makes a file system, copies, then hashes, and seals nothing', () => {
    expect(planMove(facts()).plan?.steps.map(({ name, node, unit }) => [name, node, unit])).toEqual([
      ['format', 'node-a', undefined],
      ['copy', 'node-a', 'lunward-copy-jellyfin-config-1'],
      ['hash', 'node-a', 'lunward-hash-jellyfin-config-1'],
    ]);
  });

  it('stays the same while the app writes', () => {
    const later = { ...found, bytes: found.bytes * 2, entries: 2000, databases: [] };
    expect(digest(facts({ found: later }))).toBe(digest(facts()));
    expect(digest(facts())).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each<[string, Partial<MoveFacts>]>([
    ['another folder', { source: share('other') }],
    ['other mount options', { source: share('jellyfin-config', { mountOptions: ['nfsvers=3'] }) }],
  ])('is another one for %s', (_, more) => {
    expect(digest(facts(more))).not.toBe(digest(facts()));
  });

  const folder = '192.0.2.200:/volume1/jellyfin-config';
  it.each<[string, Partial<MoveFacts>, Told]>([
    [
      'root may not read all',
      { found: { ...found, unreadable: { count: 2, names: ['secret', 'more'] } } },
      ['source-entries-unreadable', folder, 2, 'secret'],
    ],
    [
      'it finds no room',
      { found: { ...found, bytes: 1024 ** 3, allocatedBytes: 1024 ** 3 } },
      ['no-room', folder, '1 GiB', 1200, 'LUN of 1 GiB'],
    ],
    [
      'the pool of the source is full',
      { found: { ...found, room: { ...found.room, freeBytes: 1024 ** 2 } } },
      ['source-without-room', folder, '1 MiB'],
    ],
    [
      'a node is logged in already',
      { looks: [look('node-a'), loggedIn('node-b', seen)] },
      ['target-logged-in', 'node-b', 'iqn.2000-01.com.example:jellyfin-config', 'LUN 1'],
    ],
    [
      'the source does not answer',
      { found: 'the NFS server 192.0.2.200 does not answer' },
      ['source-unreadable', folder, 'the NFS server 192.0.2.200 does not answer'],
    ],
    [
      'the target was formatted or adopted, and is no copy',
      { latest: entry('sealed', { manifest: undefined }) },
      ['already-sealed', 'PersistentVolume jellyfin-config', 'attempt 1', folder],
    ],
    ['the disk is not there', { looks: [look('node-a', [{ ...seen, lun: 2 }])] }, ['lun-not-found', 'node-a', 'LUN 1']],
  ])('is refused if %s', (_, more, refusal) => {
    expectAdvice(planMove(facts(more)).refusals, [refusal]);
  });

  it('is made even if a node is logged in for another LUN of the target', () => {
    const luns = [seen, { ...seen, lun: 2, wwn: 'another', use: 'mounted at /var/lib/kubelet/x' }];
    const both = { initiatorName: '', wasShown: true, problem: '', luns };
    expect(planMove(facts({ looks: [look('node-a'), look('node-b', luns, { target: both })] })).plan).toBeDefined();
  });
});

describe('a plan to move from a folder', () => {
  const place = (path: string) => ({ place: identityOfFolder({ server: '192.0.2.200', path }) });
  const planned = (source?: JournalEntry['source']) =>
    planMove(facts({ latest: entry('building', { source }), sourceIdentity: place('/volume1/config') }));

  it('continues an attempt from the same folder, in any notation, and if the folder was not recorded', () => {
    expect(planned(place('/volume1/config')).plan).toBeDefined();
    expect(planned(place('/volume1//config/')).plan).toBeDefined();
    expect(planned().plan).toBeDefined();
  });

  it('is refused if the attempt was begun from another folder', () => {
    expect(planned(place('/volume1/other')).refusals?.map(({ found }) => found)).toEqual([
      "is being filled as attempt 1 from folder 192.0.2.200:/volume1/other, by the journal, and the app's data is on folder 192.0.2.200:/volume1/config now",
    ]);
  });
});

describe('a plan to move from a LUN', () => {
  const diskNamed = (name: string) => ({
    place: identityOfLun({ wwn: name, bytes: 1024 ** 3 }),
    uuid: 'of-the-source',
    attempt: 1,
  });
  const sourceIdentity = diskNamed('another');
  const onLun = (more: Partial<MoveFacts> = {}) =>
    facts({ source: lun('old'), sourceIdentity, isUsed: true, usedOn: 'node-b', patches: [], ...more });
  const latest = entry('building', { node: 'node-a', source: sourceIdentity });

  it('runs on the app’s node, which has the LUN mounted', () => {
    const { plan } = planMove(onLun());
    expect(plan?.steps.map(({ name, node }) => [name, node])).toEqual([
      ['format', 'node-b'],
      ['copy', 'node-b'],
      ['hash', 'node-b'],
    ]);
    expect(plan?.sourceIdentity).toEqual(sourceIdentity);
    expect(plan?.steps[1]?.text).toContain('read where node-b has it mounted, read-only');
  });

  it('is the same whether the app runs or not, and another one for another disk', () => {
    const steps = { latest, attempt: 1 };
    expect(digest(onLun({ ...steps, usedOn: 'node-a' }))).toBe(
      digest(onLun({ ...steps, usedOn: undefined, isUsed: false })),
    );
    expect(digest(onLun({ sourceIdentity: diskNamed('third') }))).not.toBe(digest(onLun()));
  });

  it.each<[string, Partial<MoveFacts>, string]>([
    [
      'the app runs on another node than the one that writes',
      { latest },
      'and the app runs on node-b, which alone may read',
    ],
    [
      'the app is on another disk than it was begun with',
      { latest, usedOn: 'node-a', sourceIdentity: diskNamed('third') },
      "from disk another, by the journal, and the app's data is on disk third now",
    ],
  ])('is refused if %s', (_, more, refusal) => {
    const refusals = planMove(onLun(more)).refusals?.map(({ found }) => found);
    expect(refusals).toEqual([expect.stringContaining(refusal)]);
  });
});
