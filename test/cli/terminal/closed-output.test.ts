import { execFileSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { surviveClosedOutput } from '../../../lib/cli/terminal/closed-output';

const root = path.join(__dirname, '../../..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-closed-output-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const failing = (code: string) => Object.assign(new Error(code), { code });

describe('a command whose output is not read any more', () => {
  it('comes to its end, with nothing said', () => {
    // The shell's `true` is gone long before the command prints.
    const command = `{ "$NODE" "$JITI" "$MAIN" init "$1" 2>"$1/err"; echo $? >"$1/code"; } | true; sleep 0.1`;
    const env = {
      ...process.env,
      NODE: process.execPath,
      JITI: path.join(root, 'node_modules/jiti/lib/jiti-cli.mjs'),
      MAIN: path.join(root, 'lib/cli/main.ts'),
    };
    execFileSync('sh', ['-c', command, 'sh', folder], { env, timeout: 60_000 });
    expect(readFileSync(path.join(folder, 'err'), 'utf8')).toBe('');
    expect(readFileSync(path.join(folder, 'code'), 'utf8')).toBe('0\n');
    expect(existsSync(path.join(folder, 'cluster.ts'))).toBe(true);
  });

  it.each(['EPIPE', 'EIO'])('goes on after each %s', (code) => {
    const onLost = vi.fn();
    const output = new EventEmitter();
    surviveClosedOutput([output], onLost);
    for (const _ of [1, 2]) output.emit('error', failing(code));
    expect(onLost).not.toHaveBeenCalled();
  });

  it('goes on where its output is lost otherwise, and says so once', () => {
    const onLost = vi.fn();
    const outputs = [new EventEmitter(), new EventEmitter()];
    surviveClosedOutput(outputs, onLost);
    for (const output of outputs) output.emit('error', failing('ENOSPC'));
    expect(onLost.mock.calls).toEqual([[failing('ENOSPC')]]);
  });
});
