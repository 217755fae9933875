import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPassing, type Result, Results, sourceHash, tableOf } from '../../../tools/ci/results';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lunward-results-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const result = (name: string, passed: number, failed = 0): Result => ({
  name,
  passed,
  failed,
  skipped: 0,
  minutes: 1.25,
  when: '2026-03-01T12:00:00',
});

describe('the hash of the sources', () => {
  const write = (file: string, text = '') => {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const changes: readonly [string, boolean, () => void][] = [
    ['the library', true, () => write('lib/a.ts', 'changed')],
    ['a new test', true, () => write('lab/test/new.test.ts')],
    ['a file that is renamed', true, () => renameSync(path.join(root, 'lib/a.ts'), path.join(root, 'lib/b.ts'))],
    ['a script that may be run', true, () => chmodSync(path.join(root, 'lib/a.ts'), 0o755)],
    ['packages', true, () => write('package-lock.json', '{}')],
    ['a helper of other tests', true, () => write('test/helpers.ts', 'changed')],
    ['another test', false, () => write('test/a.test.ts', 'changed')],
    ['docs', false, () => write('docs/a.md', 'changed')],
    ['installed packages', false, () => write('lab/node_modules/a/index.js')],
  ];

  it.each(changes)('with a change of %s: another one is %s', (_, differs, change) => {
    write('lib/a.ts', 'a');
    const before = sourceHash(root);
    expect(sourceHash(root)).toBe(before);
    change();
    expect(sourceHash(root) !== before).toBe(differs);
  });
});

describe('results', () => {
  it('belong to one state of the sources, with the last one for each name', () => {
    const results = new Results(path.join(root, 'results'), 'abc');
    expect(results.latest().size).toBe(0);
    results.add(result('copy', 3, 1));
    results.add(result('nas', 2));
    results.add(result('copy', 4));
    const again = new Results(path.join(root, 'results'), 'abc');
    expect([...again.latest().values()]).toEqual([result('copy', 4), result('nas', 2)]);
    expect(new Results(path.join(root, 'results'), 'def').latest().size).toBe(0);
  });

  it('are read even if the last one is incomplete', () => {
    const results = new Results(root, 'abc');
    results.add(result('copy', 3));
    appendFileSync(path.join(root, 'abc.jsonl'), '{ "name": "na');
    expect([...results.latest().keys()]).toEqual(['copy']);
    // The next run adds its own after it.
    results.add(result('nas', 2));
    expect([...results.latest().values()]).toEqual([result('copy', 3), result('nas', 2)]);
  });

  it.each([
    [result('copy', 3), true],
    [result('copy', 3, 1), false],
    [result('copy', 0), false],
    [undefined, false],
  ])('%j is passing: %s', (one, expected) => {
    expect(isPassing(one)).toBe(expected);
  });

  it('are printed as a Markdown table', () => {
    const table = tableOf(['copy', 'nas'], new Map([['copy', result('copy', 3)]]));
    expect(table.split('\n').slice(2)).toEqual([
      '| copy | 3 | 0 | 0 | 1.3 | 2026-03-01T12:00:00 |',
      '| nas | not run | | | | |',
    ]);
  });
});
