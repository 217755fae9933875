import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LeaseLost } from '../../lib/kubernetes/lease-lost';
import { UserStack } from '../../lib/pulumi/user-stack';
import { useFastClock } from '../migration/clock';

useFastClock();

let folder: string;
const runs = () => readFileSync(path.join(folder, 'runs'), 'utf8').split('\n').filter(Boolean);

/** Puts a stand-in of the engine on the PATH, whose stack another update has locked for so many runs. */
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-stack-'));
  writeFileSync(path.join(folder, 'runs'), '');
  const engine = path.join(folder, 'pulumi');
  writeFileSync(
    engine,
    `#!/usr/bin/env bash
set -eu
echo "$1" >>'${folder}/runs'
[ "$(wc -l <'${folder}/runs')" -gt "$LOCKED_RUNS" ] && exit 0
echo 'error: [409] Conflict: Another update is currently in progress.' >&2
exit 255
`,
  );
  chmodSync(engine, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('waits for another update, and checks before each try whether it may run', async () => {
  vi.stubEnv('LOCKED_RUNS', '3');
  const beforeRun = vi.fn(async () => {});
  await new UserStack(folder, 'app').up({ beforeRun });
  expect(runs()).toEqual(['up', 'up', 'up', 'up']);
  expect(beforeRun).toHaveBeenCalledTimes(4);
});

it('runs nothing more once the lease is lost after a sleep', async () => {
  vi.stubEnv('LOCKED_RUNS', '3');
  const lost = new LeaseLost('taken');
  const beforeRun = vi.fn(async () => {
    if (runs().length === 2) throw lost;
  });
  await expect(new UserStack(folder, 'app').up({ beforeRun })).rejects.toBe(lost);
  expect(runs()).toEqual(['up', 'up']);
});

it('gives up after two minutes', async () => {
  vi.stubEnv('LOCKED_RUNS', '1000');
  await expect(new UserStack(folder, 'app').up({})).rejects.toMatchObject({ code: 'stack-locked' });
});
