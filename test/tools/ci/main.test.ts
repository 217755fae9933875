import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isTestFile, sourceFiles } from '../../../tools/ci/source-files';

const root = path.join(__dirname, '../../..');
const files = sourceFiles(root, 'lab/test').filter(isTestFile).length;

/** Programs that a run starts, replaced by one that passes at once, unless its arguments contain `$FAILS`. */
const standIn = `#!/bin/sh
code=0 passed=1 failed=0
case "$*" in *"\${FAILS:-nothing fails}"*) code=1 passed=0 failed=1 ;; esac
for argument; do
  case $argument in
  --outputFile.json=*) echo '{ "numPassedTests": '$passed', "numFailedTests": '$failed', "numPendingTests": 0, "numTodoTests": 0 }' >"\${argument#*=}" ;;
  esac
done
exit $code
`;

describe('a whole run', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lunward-run-'));
    mkdirSync(path.join(folder, 'bin'));
    mkdirSync(path.join(folder, 'tmp'));
    for (const name of ['npm', 'npx', 'bash']) {
      writeFileSync(path.join(folder, 'bin', name), standIn, { mode: 0o755 });
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = ({ args = [], minutesAgo = 0, fails = '' }: { args?: string[]; minutesAgo?: number; fails?: string }) => {
    const jiti = path.join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
    const { status, stdout } = spawnSync(process.execPath, [jiti, path.join(root, 'tools/ci/main.ts'), ...args], {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
        TMPDIR: path.join(folder, 'tmp'),
        CI_BEGAN: String(Math.floor(Date.now() / 1000 - minutesAgo * 60)),
        ...(fails && { FAILS: fails }),
      },
    });
    const [passed, failed, skipped] = (/\n\n(\d+) passed, (\d+) failed, (\d+) skipped\n$/.exec(stdout) ?? [])
      .slice(1)
      .map(Number);
    return { status, stdout, passed, failed, skipped };
  };

  it('ends with the line that counts, and leaves nothing in the temporary folder', () => {
    const ended = run({});
    expect(ended).toMatchObject({ status: 0, failed: 0, skipped: 0 });
    expect(ended.passed).toBeGreaterThan(30);
    expect(readdirSync(path.join(folder, 'tmp')).filter((name) => name.startsWith('lunward-ci-'))).toEqual([]);
  });

  it.each(['rehearse', 'lab/test/lab/copy.test.ts'])('fails where %s fails', (fails) => {
    const ended = run({ fails });
    expect(ended.status).toBe(1);
    expect(ended.failed).toBeGreaterThan(0);
  });

  it('leaves out tests of the lab for which there is no time, file by file, but not what goes before them', () => {
    const ended = run({ minutesAgo: 58 });
    expect(ended).toMatchObject({ status: 0, failed: 0, skipped: files });
    expect(ended.passed).toBeGreaterThan(5);
    expect(ended.stdout.match(/^lab\/test\/\S+\.test\.ts: .+; it takes about /gm)).toHaveLength(files);
  });

  it('fails, and still counts, where all of its time is used up', () => {
    expect(run({ minutesAgo: 120 })).toMatchObject({ status: 1, passed: 0 });
  });

  it('with --list runs nothing, and says what it would run and why', () => {
    const { status, stdout, passed } = run({ args: ['--list'], fails: 'e' });
    expect(status).toBe(0);
    expect(passed).toBeUndefined();
    expect(stdout).toMatch(/^run +\S.*, [\d.]+ min: /m);
  });
});
