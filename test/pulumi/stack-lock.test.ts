import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { holdersNamed, isDead, isLockedOut, lockHolders } from '../../lib/pulumi/stack-lock';

const lockedOut = `error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/.pulumi/locks/organization/home/app/1.json: created by anna@laptop (pid 12) at 2026-11-29T02:39:47Z
  file:///state/.pulumi/locks/organization/home/app/2.json: created by anna@work@desk (pid 13) at 2026-11-29T02:40:00Z`;

describe('the output of a locked-out engine', () => {
  it.each<[string, boolean, [string, string, number][]]>([
    [
      lockedOut,
      true,
      [
        ['anna', 'laptop', 12],
        ['anna@work', 'desk', 13],
      ],
    ],
    ['error: [409] Conflict: Another update is currently in progress.', true, []],
    ['error: no stack named app found', false, []],
  ])('%s', (stderr, isLocked, holders) => {
    const run = { code: 255, stdout: '', stderr };
    expect(isLockedOut(run)).toBe(isLocked);
    expect(holdersNamed(run).map(({ user, host, pid }) => [user, host, pid])).toEqual(holders);
  });

  it('is not found in the output of a completed update', () => {
    expect(isLockedOut({ code: 0, stdout: lockedOut, stderr: '' })).toBe(false);
  });
});

describe('lockHolders', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lunward-lock-'));
  const locks = path.join(folder, '.pulumi', 'locks', 'organization', 'home', 'app');
  mkdirSync(locks, { recursive: true });
  const lock = { pid: 12, username: 'anna', hostname: 'laptop', timestamp: '2026-11-29T02:39:47Z' };
  writeFileSync(path.join(locks, '1.json'), JSON.stringify(lock));
  writeFileSync(path.join(locks, '1.json.attrs'), '{}');
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[string, string, number]>([
    [`file://${folder}`, 'app', 1],
    [`file://${folder}?no_tmp_dir=true`, 'app', 1],
    ['file://.', 'app', 1],
    [`file://${folder}`, 'other', 0],
    ['s3://bucket', 'app', 0],
  ])('of %s, stack %s: %i', async (url, stack, count) => {
    const holders = await lockHolders({ url, folder, project: 'home', stack });
    expect(holders).toEqual(Array(count).fill({ user: 'anna', host: 'laptop', pid: 12, at: lock.timestamp }));
  });
});

describe('isDead', () => {
  const holder = (pid: number, host = hostname()) => ({ user: 'anna', host, pid, at: '' });

  it('is true for a process of this machine that is gone or is not an engine', async () => {
    const child = spawn('true');
    const { pid = 0 } = child;
    await once(child, 'close');
    expect(await isDead(holder(pid))).toBe(true);
    expect(await isDead(holder(process.pid))).toBe(true);
  });

  it('is never true for another machine', async () => {
    expect(await isDead(holder(process.pid, `not-${hostname()}`))).toBe(false);
  });

  it('is false for a running engine', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lunward-engine-'));
    const file = path.join(folder, 'pulumi');
    // It is a program of that name until its input ends.
    writeFileSync(file, '#!/bin/sh\necho runs; read -r _\n', { mode: 0o755 });
    const engine = spawn(file);
    try {
      await once(engine.stdout, 'data');
      expect(await isDead(holder(engine.pid ?? 0))).toBe(false);
    } finally {
      engine.stdin.end();
      rmSync(folder, { recursive: true });
    }
  });
});
