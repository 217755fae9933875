import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isRunning } from '../../../lab/test/process';
import { isTestFile, sourceFiles } from '../../../tools/ci/source-files';

const root = path.join(__dirname, '../../..');
const files = sourceFiles(root, 'lab/test').filter(isTestFile).length;

/** Programs that a run starts, replaced by one that passes at once, unless its arguments contain `$FAILS`. */
const standIn = `#!/bin/sh
code=0 passed=1 failed=0
if [ -n "\${HANGS:-}" ]; then
  echo "$$" >"$HANGS.new" && mv "$HANGS.new" "$HANGS"
  exec sleep 600
fi
case "$*" in *"\${FAILS:-nothing fails}"*) code=1 passed=0 failed=1 ;; esac
for argument; do
  case $argument in
  --outputFile.json=*) echo '{ "numPassedTests": '$passed', "numFailedTests": '$failed', "numPendingTests": 0, "numTodoTests": 0 }' >"\${argument#*=}" ;;
  esac
done
exit $code
`;

describe('a complete run', () => {
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

  const jiti = path.join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
  const command = [jiti, path.join(root, 'tools/ci/main.ts')];
  const options = (minutesAgo: number, more: NodeJS.ProcessEnv = {}) => ({
    cwd: root,
    env: {
      ...process.env,
      PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
      TMPDIR: path.join(folder, 'tmp'),
      CI_BEGAN: String(Math.floor(Date.now() / 1000 - minutesAgo * 60)),
      ...more,
    },
  });
  const leftResults = () => readdirSync(path.join(folder, 'tmp')).filter((name) => name.startsWith('lunward-ci-'));

  const run = ({ args = [], minutesAgo = 0, fails = '' }: { args?: string[]; minutesAgo?: number; fails?: string }) => {
    const { status, stdout } = spawnSync(process.execPath, [...command, ...args], {
      ...options(minutesAgo, fails ? { FAILS: fails } : {}),
      encoding: 'utf8',
    });
    const [passed, failed, skipped] = (/\n\n(\d+) passed, (\d+) failed, (\d+) skipped\n$/.exec(stdout) ?? [])
      .slice(1)
      .map(Number);
    return { status, stdout, passed, failed, skipped };
  };

  it('ends with the line of totals, and leaves nothing in the temporary folder', () => {
    const ended = run({});
    expect(ended).toMatchObject({ status: 0, failed: 0, skipped: 0 });
    expect(ended.passed).toBeGreaterThan(30);
    expect(leftResults()).toEqual([]);
  });

  it.each(['rehearse', 'lab/test/lab/copy.test.ts'])('fails if %s fails', (fails) => {
    const ended = run({ fails });
    expect(ended.status).toBe(1);
    expect(ended.failed).toBeGreaterThan(0);
  });

  it('leaves out lab tests for lack of time, file by file, but not the earlier steps', () => {
    const ended = run({ minutesAgo: 58 });
    expect(ended).toMatchObject({ status: 0, failed: 0, skipped: files });
    expect(ended.passed).toBeGreaterThan(5);
    expect(ended.stdout.match(/^lab\/test\/\S+\.test\.ts: .+; it takes about /gm)).toHaveLength(files);
  });

  it('fails, and still prints totals, if its time is used up', () => {
    expect(run({ minutesAgo: 120 })).toMatchObject({ status: 1, passed: 0 });
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends with its steps, and leaves nothing, after %s', async (signal, code) => {
    const file = path.join(folder, signal);
    const child = spawn(process.execPath, command, { ...options(0, { HANGS: file }), stdio: 'ignore' });
    const exit = once(child, 'exit');
    await vi.waitFor(() => expect(existsSync(file)).toBe(true), 20_000);
    child.kill(signal);
    expect(await exit).toEqual([code, null]);
    await vi.waitFor(() => expect(isRunning(Number(readFileSync(file, 'utf8')))).toBe(false), 5000);
    expect(leftResults()).toEqual([]);
  });

  it('with --list runs nothing, and says what it would run and why', () => {
    const { status, stdout, passed } = run({ args: ['--list'], fails: 'e' });
    expect(status).toBe(0);
    expect(passed).toBeUndefined();
    expect(stdout).toMatch(/^run +\S.*, [\d.]+ min: /m);
  });
});
