import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('a draft takes the place of the file that was there', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lunward-draft-'));
  try {
    writeFileSync(join(folder, 'marker'), 'old');
    writeFileSync(join(folder, 'marker.draft'), 'new');
    const library = readFileSync(join(__dirname, '../../../lib/scripts/bash/draft.sh'), 'utf8');
    const { status, stderr } = spawnSync(
      'bash',
      ['--norc', '-euc', `${library}finish_draft "$0"`, join(folder, 'marker')],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(readdirSync(folder)).toEqual(['marker']);
    expect(readFileSync(join(folder, 'marker'), 'utf8')).toBe('new');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
