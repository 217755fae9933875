import { describe, expect, it } from 'vitest';
import { writtenLines } from '../../../lib/cli/views/written-text';
import { verified } from '../../scripts/verified';

const found = {
  ...verified,
  changed: { files: { count: 12, names: ['data/a', 'x\ny'] }, bytes: 3 * 1024 ** 2 },
  removed: { files: { count: 1, names: ['old'] }, bytes: 5 },
};

describe('files written since the seal', () => {
  it('are shown as number, bytes and first names', () => {
    expect(writtenLines(found)).toEqual([
      'written to since: 12 files (3 MiB): "data/a", "x\\ny", and 10 more',
      'removed since: 1 file (5 B): "old"',
    ]);
  });

  it('are shown with all names, one per line', () => {
    expect(writtenLines(found, 'list')).toEqual([
      'written to since: 12 files (3 MiB):',
      '  "data/a"',
      '  "x\\ny"',
      '  and 10 more',
      'removed since: 1 file (5 B):',
      '  "old"',
    ]);
  });

  it('can be none', () => {
    expect(writtenLines(verified)).toEqual(['nothing was written to it since']);
  });
});
