import { describe, expect, it } from 'vitest';
import { jellyfin } from '../../lib/apps';
import { firstLunLines, type MoveFacts, planMove, sourceLines } from '../../lib/migration/plan-move';
import type { ProbedSource } from '../../lib/shell/probe-source';
import { share } from '../helpers';
import { probed as found, loggedIn, look, seen, targetFacts } from './facts';

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

  it.each<[string, Partial<MoveFacts>, string]>([
    [
      'root may not read all',
      { found: { ...found, unreadable: { count: 2, names: ['secret', 'more'] } } },
      '192.0.2.200:/volume1/jellyfin-config holds 2 that root of the node may not read, secret for instance: the copy would not be whole',
    ],
    [
      'it finds no room',
      { found: { ...found, bytes: 1024 ** 3, allocatedBytes: 1024 ** 3 } },
      '192.0.2.200:/volume1/jellyfin-config 1 GiB in 1200 entries find no room on a LUN of 1 GiB',
    ],
    [
      'the pool of the source is full',
      { found: { ...found, room: { ...found.room, freeBytes: 1024 ** 2 } } },
      "192.0.2.200:/volume1/jellyfin-config has only 1 MiB free on the NAS: databases can't be written whole there",
    ],
    [
      'a node is logged in already',
      { looks: [look('node-a'), loggedIn('node-b', seen)] },
      'node-b is logged in to iqn.2000-01.com.example:jellyfin-config: somebody may begin to use it there',
    ],
    [
      'the source does not answer',
      { found: 'the NFS server 192.0.2.200 does not answer' },
      "192.0.2.200:/volume1/jellyfin-config can't be looked at: the NFS server 192.0.2.200 does not answer",
    ],
    [
      'the disk is not there',
      { looks: [look('node-a', [{ ...seen, lun: 2 }])] },
      'node-a the target has no LUN 1, but 2, which has the size that is described: a NAS may show another number than nodes see; write lun: 2',
    ],
  ])('is refused where %s', (_, more, refusal) => {
    const refusals = planMove(facts(more)).refusals?.map(({ subject, reason }) => `${subject} ${reason}`);
    expect(refusals).toEqual([expect.stringContaining(refusal)]);
  });

  it('is made where a node is logged in for another LUN of the target', () => {
    const luns = [seen, { ...seen, lun: 2, wwn: 'another', use: 'mounted at /var/lib/kubelet/x' }];
    const both = { initiatorName: '', hadSession: true, problem: '', luns };
    expect(planMove(facts({ looks: [look('node-a'), look('node-b', luns, { target: both })] })).plan).toBeDefined();
  });
});

describe('what is said of a source', () => {
  it('is its size alone, where there is nothing else to say', () => {
    expect(sourceLines(source, found)).toEqual([
      'from 192.0.2.200:/volume1/jellyfin-config by NFS 4.2: 100 MiB in 1000 files and 200 folders',
    ]);
  });

  it.each<[string, Partial<ProbedSource>, string]>([
    [
      'databases',
      {
        databases: [
          { path: 'data/jellyfin.db', bytes: 1, wal: true, beside: ['wal'], check: { outcome: 'whole', text: '' } },
        ],
      },
      '  1 SQLite databases, 1 of them with a write-ahead log: data/jellyfin.db',
    ],
    ['hard links', { linkSets: 3 }, '  3 files of several names, which stay one file'],
    ['holes', { sparseFiles: 1 }, '  1 files with holes, which stay holes'],
    ['NFS 3', { xattrs: false }, '  attributes of users (user.*), if any, can not be seen over this version of NFS'],
    ['what else NFS 3 lacks', { version: '3' }, '  times before 1970, if any, become others: NFS 3 can not say them'],
    ['a server that runs full', { room: { ...found.room, freeBytes: 1024 } }, '  only 1 KiB are free there: watch it'],
  ])('tells of %s', (_, more, line) => {
    expect(sourceLines(source, { ...found, ...more })).toContain(line);
  });

  it('names the size of a LUN for it', () => {
    expect(firstLunLines(found, 'jellyfin-config').join('\n')).toMatch(
      /one of 1Gi is right[\s\S]*name: 'jellyfin-config-2'[\s\S]*size: '1Gi'/,
    );
  });
});
