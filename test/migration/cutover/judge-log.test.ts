import { describe, expect, it } from 'vitest';
import { fileSystemTrouble, sqliteTrouble } from '../../../lib/catalog/storage-trouble';
import { judgeLog } from '../../../lib/migration/cutover/judge-log';

const SIGNS = [...sqliteTrouble, ...fileSystemTrouble];
const LOCKED = "SQLite Error 5: 'database is locked'.";
const BROKEN = "SQLite Error 11: 'database disk image is malformed'.";
const judge = (lines: readonly string[], isOnShare: boolean) =>
  judgeLog(['started', ...lines, 'goes on', ''].join('\n'), SIGNS, isOnShare);

describe('a log line about storage', () => {
  it.each([
    ['nothing, on a LUN', [], false, 'no storage trouble in its log'],
    ['nothing, on a share', [], true, 'no storage trouble in its log'],
    [
      'that a database is locked, on a share',
      [`  ${LOCKED}`, LOCKED],
      true,
      `no storage trouble in its log but "${LOCKED}" (2 of that kind), as is usual on a share`,
    ],
  ])('may be %s', (_, lines, isOnShare, expected) => {
    expect(judge(lines, isOnShare)).toBe(expected);
  });

  it.each([
    ['that a database is locked, on a LUN', [LOCKED], false, LOCKED],
    ['that a database is broken, on a LUN', [LOCKED, BROKEN], false, LOCKED],
    ['that a database is broken, on a share', [LOCKED, BROKEN], true, BROKEN],
    ['that a file handle is stale, on a share', ['write: Stale file handle'], true, 'write: Stale file handle'],
  ])('is trouble: %s', (_, lines, isOnShare, told) => {
    expect(() => judge(lines, isOnShare)).toThrow(
      expect.objectContaining({ code: 'storage-trouble-logged', message: expect.stringContaining(`"${told}"`) }),
    );
  });
});
