import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonOutput } from '../../lib/cli/json-schema';
import { commandFile, transpiled } from '../transpiled';

const root = path.join(__dirname, '../..');
/** Stands in for an ssh that never gets an answer, and ends with its input. */
const SSH = '#!/bin/sh\ntouch began\nexec cat\n';
const description = `
import { defineCluster } from ${JSON.stringify(path.join(transpiled(), 'build/cluster'))};
const nodes = { 'node-a': { ssh: 'admin@192.0.2.210' } };
export default defineCluster({ context: 'nowhere', namespace: 'media', nodes, apps: {} });
`;

let folder: string;
const at = (name: string) => path.join(folder, name);
beforeEach(() => {
  // Short, since sockets with long paths are put elsewhere.
  folder = mkdtempSync(path.join('/tmp', 'lunward-left-'));
  mkdirSync(at('temporary'));
  writeFileSync(at('ssh'), SSH, { mode: 0o755 });
  writeFileSync(at('cluster.ts'), description);
  writeFileSync(at('kubeconfig'), 'apiVersion: v1\nkind: Config\n');
  // What transpiles the description has its cache there, where there is such a folder, and else in TMPDIR.
  symlinkSync(path.join(root, 'node_modules'), at('node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A command that waits for a node. */
function command(words: readonly string[] = ['doctor']) {
  const env = {
    ...process.env,
    TMPDIR: at('temporary'),
    PATH: `${folder}:${process.env.PATH}`,
    KUBECONFIG: at('kubeconfig'),
  };
  const args = [commandFile(), ...words];
  return spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('a command that is interrupted while it waits for a node', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves no temporary file after %s', async (signal) => {
    const child = command();
    const exit = once(child, 'exit');
    await vi.waitFor(() => expect(existsSync(at('began'))).toBe(true), 50_000);
    expect(readdirSync(at('temporary'))).toHaveLength(1);
    child.kill(signal);
    expect(await exit).toEqual([null, signal]);
    expect(readdirSync(at('temporary'))).toEqual([]);
  });

  it.each([
    ['doctor', 'SIGINT'],
    ['nodes', 'SIGTERM'],
    ['discover', 'SIGHUP'],
  ] as const)('prints its document with --json: %s after %s', async (name, signal) => {
    const child = command([name, ...(name === 'discover' ? ['192.0.2.200'] : []), '--json']);
    const exit = once(child, 'exit');
    const said = text(child.stdout);
    await vi.waitFor(() => expect(existsSync(at('began'))).toBe(true), 50_000);
    child.kill(signal);
    expect(await exit).toEqual([130, null]);
    const error = { category: 'interrupted', code: 'interrupted', exitCode: 130 };
    expect(jsonOutput.parse(JSON.parse(await said))).toMatchObject({ version: 1, command: name, error });
    expect(readdirSync(at('temporary'))).toEqual([]);
  });
});
