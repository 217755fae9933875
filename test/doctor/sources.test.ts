import { describe, expect, it } from 'vitest';
import { sourceFindings } from '../../lib/doctor/sources';
import type { ProbedSource } from '../../lib/scripts/copy/probe-source';
import { expectAdvice, type Told } from '../expect-advice';
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
function expectFindings(found: ProbedSource | string, expected: readonly (readonly ['error' | 'warning', Told])[]) {
  const findings = sourceFindings({ app: 'jellyfin', source, found });
  expectAdvice(
    findings,
    expected.map(([, told]) => told),
  );
  expect(findings.map(({ severity }) => severity)).toEqual(expected.map(([severity]) => severity));
}
const subject = '192.0.2.200:/volume1/jellyfin';

describe('a folder on NFS', () => {
  it.each<[string, Partial<ProbedSource>, ['error' | 'warning', Told][]]>([
    ['of which nothing is said', {}, []],
    [
      'with databases',
      { databases: [database('data/jellyfin.db', true), database('a.db', false), database('b.db', false)] },
      [
        ['error', ['write-ahead-log-on-share', subject, 'jellyfin', 'data/jellyfin.db']],
        ['warning', ['database-on-share', subject, 'jellyfin', 'a.db, b.db']],
      ],
    ],
    [
      'with many databases',
      { databases: [...'abcdefg'].map((name) => database(name, true)) },
      [['error', ['write-ahead-log-on-share', subject, 'a, b, c, d, e and 2 more']]],
    ],
    [
      'of a file system that is nearly full',
      { bytes: 1, room: room(1024 ** 4, 99 * 1024 ** 3) },
      [['warning', ['source-without-room', subject, '99 GiB', '9 %', '1 B']]],
    ],
    [
      'that could not double',
      { bytes: 6 * 1024 ** 3, room: room(20 * 1024 ** 3, 11 * 1024 ** 3) },
      [['warning', ['source-without-room', subject, '11 GiB', '55 %', '6 GiB']]],
    ],
    ['of a server that tells no size', { room: room(0, 0) }, []],
    [
      'that can’t be read whole',
      { unreadable: { count: 2, names: ['key.pem', 'cert.pem'] } },
      [['warning', ['source-entries-unreadable', subject, 2, 'key.pem']]],
    ],
  ])('%s', (_, more, expected) => {
    expectFindings({ ...probed, room: room(1024 ** 4, 1024 ** 3 * 500), ...more }, expected);
  });

  it('that can’t be inspected', () => {
    const why = 'the NFS server does not answer';
    expectFindings(why, [['error', ['source-unreadable', subject, why]]]);
  });
});
