import { describe, expect, it } from 'vitest';
import { writtenLines } from '../../../lib/cli/views/written-text';
import { verified } from '../../scripts/verified';

const found = {
  ...verified,
  changed: { files: { count: 12, names: ['data/a', 'x\ny'] }, bytes: 3 * 1024 ** 2 },
  removed: { files: { count: 1, names: ['old'] }, bytes: 5 },
};

describe('what was written since', () => {
  it('is told by number, bytes and first names', () => {
    expect(writtenLines(found)).toEqual([
      'written to since: 12 files (3 MiB): "data/a", "x\\ny", and 10 more',
      'removed since: 1 file (5 B): "old"',
    ]);
  });

  it('is told by all names, a line each', () => {
    expect(writtenLines(found, 'list')).toEqual([
      'written to since: 12 files (3 MiB):',
      '  "data/a"',
      '  "x\\ny"',
      '  and 10 more',
      'removed since: 1 file (5 B):',
      '  "old"',
    ]);
  });

  it('may be nothing', () => {
    expect(writtenLines(verified)).toEqual(['nothing was written to it since']);
  });
});
