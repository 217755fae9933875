import { describe, expect, it } from 'vitest';
import { adviceSentence } from '../../lib/core/advice';
import { sourceFindings } from '../../lib/doctor/sources';
import type { ProbedSource } from '../../lib/scripts/copy/probe-source';
import { probed } from '../migration/facts';

const source = { server: '192.0.2.200', path: '/volume1/jellyfin' };
const database = (path: string, wal: boolean) => ({
  path,
  bytes: 1,
  wal,
  beside: [],
  check: { outcome: 'unchecked' as const, text: 'nobody asked for it' },
});
const room = (bytes: number, freeBytes: number) => ({ bytes, freeBytes, inodes: 0, freeInodes: 0 });
const told = (found: ProbedSource | string) =>
  sourceFindings({ app: 'jellyfin', source, found }).map((one) => `${one.severity}: ${adviceSentence(one)}`);
const subject = '192.0.2.200:/volume1/jellyfin';

describe('a folder on NFS', () => {
  it.each<[string, Partial<ProbedSource>, string[]]>([
    ['of which nothing is said', {}, []],
    [
      'with databases',
      { databases: [database('data/jellyfin.db', true), database('a.db', false), database('b.db', false)] },
      [
        `error: ${subject} holds SQLite databases of jellyfin with a write-ahead log, which does not work over a network: data/jellyfin.db`,
        `warning: ${subject} holds SQLite databases of jellyfin, whose locks can't be relied on over a network: a.db, b.db`,
      ],
    ],
    [
      'with many databases',
      { databases: [...'abcdefg'].map((name) => database(name, true)) },
      [expect.stringContaining(': a, b, c, d, e and 2 more')],
    ],
    [
      'of a file system that is nearly full',
      { bytes: 1, room: room(1024 ** 4, 99 * 1024 ** 3) },
      [`warning: ${subject} has 99 GiB left, 9 % of its file system, and holds 1 B`],
    ],
    [
      'that could not double',
      { bytes: 6 * 1024 ** 3, room: room(20 * 1024 ** 3, 11 * 1024 ** 3) },
      [`warning: ${subject} has 11 GiB left, 55 % of its file system, and holds 6 GiB`],
    ],
    ['of a server that tells no size', { room: room(0, 0) }, []],
    [
      'that can’t be read whole',
      { unreadable: { count: 2, names: ['key.pem', 'cert.pem'] } },
      [`warning: ${subject} holds 2 that root of a node may not read, key.pem for instance`],
    ],
  ])('%s', (_, more, expected) => {
    expect(told({ ...probed, room: room(1024 ** 4, 1024 ** 3 * 500), ...more })).toEqual(expected);
  });

  it('that can’t be looked at', () => {
    expect(told('the NFS server does not answer')).toEqual([
      `error: ${subject} could not be inspected: the NFS server does not answer`,
    ]);
  });
});
