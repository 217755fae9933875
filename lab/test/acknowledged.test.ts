import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ACKNOWLEDGED, readAcknowledgements } from '../acknowledged';

it.each(['', '17000', '1700000000003 sonarr /config/sonarr.db 5f2a 1'])(
  'acknowledgements are parsed, except an incomplete last line (%j)',
  (incomplete) => {
    const folder = mkdtempSync(join(tmpdir(), 'lunward-acknowledged-'));
    const lines = [
      '1700000000001 sonarr /config/sonarr.db 5f2a 1',
      '1700000000002 books /config/My Books/a b.db 77c0 12',
      incomplete,
    ];
    writeFileSync(join(folder, ACKNOWLEDGED), lines.join('\n'));
    expect(readAcknowledgements(folder)).toEqual([
      { milliseconds: 1700000000001, app: 'sonarr', database: '/config/sonarr.db', instance: '5f2a', row: 1 },
      { milliseconds: 1700000000002, app: 'books', database: '/config/My Books/a b.db', instance: '77c0', row: 12 },
    ]);
    rmSync(folder, { recursive: true });
  },
);
