import { describe, expect, it } from 'vitest';
import { damagedDatabases, healthLines, healthOf } from '../../../lib/migration/survey/database-health';

type Check = Parameters<typeof healthOf>[0]['check'];

const database = (path: string, check: Check) => ({ path, bytes: 1, wal: true, beside: [], check });
const complaint = (text: string): Check => ({ outcome: 'complaint', text });

describe('the health of a database', () => {
  it.each<[string, Check]>([
    ['whole', { outcome: 'whole', text: '' }],
    ['damaged', complaint('Error: database disk image is malformed')],
    ['damaged', complaint('Error: in prepare, file is not a database (26)')],
    ['damaged', complaint('wrong # of entries in index title')],
    ['damaged', complaint('Tree 2 page 7: btreeInitPage() returns error code 11')],
    ['unknown', complaint('Error: malformed database schema (shows) - near "STRICT": syntax error')],
    ['unknown', complaint('Error: stepping, no such collation sequence: icu_root')],
    ['unknown', complaint('Error: no such module: fts5')],
    ['unknown', complaint('Error: unknown tokenizer: collating')],
    ['unknown', { outcome: 'unchecked', text: 'it was written to while it was copied, three times' }],
  ])('is %s by %j', (health, check) => {
    expect(healthOf({ check })).toBe(health);
  });

  const databases = [
    database('a.db', { outcome: 'whole', text: '' }),
    database('b.db', complaint('Error: database disk image is malformed')),
    database('c.db', { outcome: 'unchecked', text: 'no room' }),
  ];

  it('refuses damaged databases', () => {
    const refusals = damagedDatabases('192.0.2.200:/volume2/tv', { databases });
    expect(refusals).toHaveLength(1);
    expect(refusals[0]?.found).toContain(
      'b.db, which is damaged: SQLite says "Error: database disk image is malformed"',
    );
  });

  it('reports which databases are intact, and which are unknown', () => {
    expect(healthLines({ databases })).toEqual([
      '    1 of them checked, on copies: whole',
      '    c.db could not be checked: no room',
    ]);
  });
});
