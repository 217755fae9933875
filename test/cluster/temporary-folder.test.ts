import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transpiled } from '../transpiled';

const module = JSON.stringify(path.join(transpiled(), 'build/cluster/temporary-folder'));
/** A program with a folder that has a file in it, which says so. */
const program = (before: string, after: string) => `
const { writeFileSync } = require('node:fs');
const { makeTemporaryFolder, removeTemporaryFolder } = require(${module});
const make = () => {
  const made = makeTemporaryFolder();
  writeFileSync(made + '/file', '');
  return made;
};
const listen = (signal, listener) => process.once(signal, listener);
const wait = setTimeout(() => {}, 60_000);
${before}
const first = make();
${after}
process.stdout.write('ready\\n');
`;

let folder: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-temporary-'));
  temporary = path.join(folder, 'temporary');
  mkdirSync(temporary);
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(after: string, before = ''): ChildProcess {
  const file = path.join(folder, 'program.cjs');
  writeFileSync(file, program(before, after));
  const env = { ...process.env, TMPDIR: temporary };
  return spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Waits until it is ready, sends it these one after the other, and returns how it ended. */
async function ended(child: ChildProcess, ...signals: NodeJS.Signals[]) {
  const exit = once(child, 'exit');
  await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), exit]);
  for (const signal of signals) {
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const [code, signal] = await exit;
  return { code, signal, left: readdirSync(temporary) };
}

describe('a temporary folder', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is removed by %s, which also ends the process', async (signal) => {
    expect(await ended(run(''), signal)).toEqual({ code: null, signal, left: [] });
  });

  it.each<[string, string, number]>([
    ['at its end', 'clearTimeout(wait);', 0],
    ['by process.exit', 'process.exit(3);', 3],
    ['by an error', "setTimeout(() => { throw new Error('this'); });", 1],
    [
      'of several, of which one is removed by hand',
      'removeTemporaryFolder(makeTemporaryFolder()); clearTimeout(wait);',
      0,
    ],
  ])('is removed if the process ends %s', async (_, code, exit) => {
    expect(await ended(run(code))).toEqual({ code: exit, signal: null, left: [] });
  });

  it('lets other listeners decide how the process ends', async () => {
    const child = run("listen('SIGTERM', () => setTimeout(() => process.exit(7), 50));");
    expect(await ended(child, 'SIGTERM')).toEqual({ code: 7, signal: null, left: [] });
  });

  it('lets an earlier listener decide, and handles the signal once', async () => {
    const child = run('', "listen('SIGTERM', () => {});");
    expect(await ended(child, 'SIGTERM', 'SIGTERM')).toEqual({ code: null, signal: 'SIGTERM', left: [] });
  });

  it('has listeners only while it exists', async () => {
    const code =
      'removeTemporaryFolder(first); removeTemporaryFolder(make()); process.exit(process.listenerCount("SIGTERM"));';
    expect(await ended(run(code))).toEqual({ code: 0, signal: null, left: [] });
  });
});
