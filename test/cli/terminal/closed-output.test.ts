import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { surviveClosedOutput } from '../../../lib/cli/terminal/closed-output';
import { commandFile, transpiled } from '../../transpiled';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-closed-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const failing = (code: string) => Object.assign(new Error(code), { code });

/** Runs a command line in a shell that knows where the command is; `$1` is the folder. */
function runInShell(command: string): void {
  const env = {
    ...process.env,
    NODE: process.execPath,
    MAIN: commandFile(),
  };
  execFileSync('sh', ['-c', command, 'sh', folder], { env, timeout: 60_000 });
}

describe('a command whose output is no longer read', () => {
  it('finishes silently', () => {
    // The shell's `true` is gone long before the command prints.
    const command = `{ "$NODE" "$MAIN" init "$1" 2>"$1/err"; echo $? >"$1/code"; } | true; sleep 0.1`;
    runInShell(command);
    expect(readFileSync(path.join(folder, 'err'), 'utf8')).toBe('');
    expect(readFileSync(path.join(folder, 'code'), 'utf8')).toBe('0\n');
    expect(existsSync(path.join(folder, 'cluster.ts'))).toBe(true);
  });

  it.each([
    ['migrate', 1],
    ['plan', 0],
  ])('%s, which fails, saves the unprinted message in %i files in the folder of the description', (command, files) => {
    writeFileSync(path.join(folder, 'cluster.ts'), 'export default 1;');
    const run = `{ "$NODE" "$MAIN" ${command} app --file "$1/cluster.ts" 2>&1; echo $? >"$1/code"; } | true; sleep 0.1`;
    runInShell(run);
    expect(readFileSync(path.join(folder, 'code'), 'utf8')).toBe('2\n');
    const reports = path.join(folder, 'lunward-reports');
    const kept = existsSync(reports) ? readdirSync(reports) : [];
    expect(kept).toHaveLength(files);
    for (const name of kept) {
      expect(name).toMatch(/^app-migrate-\d{8}T\d{6}Z\.txt$/);
      expect(readFileSync(path.join(reports, name), 'utf8')).toContain('exports no cluster');
    }
  });

  it.each(['EPIPE', 'EIO'])('continues after each %s', (code) => {
    const onLost = vi.fn();
    const output = new EventEmitter();
    surviveClosedOutput([output], onLost);
    for (const _ of [1, 2]) output.emit('error', failing(code));
    expect(onLost).not.toHaveBeenCalled();
  });

  it('continues if its output is lost for another reason, and says so once', () => {
    const onLost = vi.fn();
    const outputs = [new EventEmitter(), new EventEmitter()];
    surviveClosedOutput(outputs, onLost);
    for (const output of outputs) output.emit('error', failing('ENOSPC'));
    expect(onLost.mock.calls).toEqual([[failing('ENOSPC')]]);
  });
});

// Of util-linux; the one of other systems has other options.
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

describe.skipIf(!hasScript)('a command whose terminal is closed', () => {
  it('finishes its clean-up and ends with SIGHUP, not with a crash of Node.js', async () => {
    const file = (name: string) => path.join(folder, name);
    const from = (module: string) => JSON.stringify(path.join(transpiled(), 'build', module));
    writeFileSync(
      file('command.cjs'),
      `const { existsSync, writeFileSync } = require('node:fs');
      const { makeTemporaryFolder } = require(${from('cluster/temporary-folder')});
      const { surviveOwnClosedOutput } = require(${from('cli/terminal/closed-output')});
      const { abortable } = require(${from('cli/terminal/interruption')});
      surviveOwnClosedOutput();
      setTimeout(() => process.exit(1), 30_000).unref();
      writeFileSync(${JSON.stringify(file('temporary'))}, makeTemporaryFolder());
      void abortable(async (signal) => {
        console.log('ready');
        while (!signal.aborted) await new Promise((later) => setTimeout(later, 20));
        for (const _ of [1, 2, 3]) {
          console.log('the app is started again');
          await new Promise((later) => setTimeout(later, 20));
        }
        writeFileSync(${JSON.stringify(file('done'))}, '');
      });`,
    );
    // The first shell ends by the hangup, which then reaches the command; the second outlives it, to say how that has ended.
    const command = `trap : HUP; "$NODE" "$1/command.cjs"; echo $? >"$1/code"`;
    writeFileSync(file('run.sh'), command);
    const env = { ...process.env, NODE: process.execPath };
    const terminal = spawn('script', ['--quiet', '--command', `sh ${file('run.sh')} ${folder}; true`, '/dev/null'], {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await new Promise<void>((ready) => {
      terminal.stdout.on('data', (text: Buffer) => text.includes('ready') && ready());
    });
    terminal.kill('SIGKILL');
    await vi.waitFor(() => expect(readFileSync(file('code'), 'utf8')).toBe('129\n'), { timeout: 30_000, interval: 50 });
    expect(existsSync(file('done'))).toBe(true);
    expect(existsSync(readFileSync(file('temporary'), 'utf8'))).toBe(false);
  }, 60_000);
});
