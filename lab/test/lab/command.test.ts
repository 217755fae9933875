import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../engine/run';
import { labFolder } from '../../open';

const JITI = join(__dirname, '../../../node_modules/.bin/jiti');
const MAIN = join(__dirname, '../../main.ts');
const NAME = 'of-a-command-test';

/** What a person types behind `npm run lab --`. */
const lab = (...args: readonly string[]) => run(JITI, [MAIN, '--name', NAME, ...args]);

/** Processes that run in a folder or were started with its name. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}

describe('npm run lab', () => {
  afterAll(() => lab('down'));

  it('says what to do where no lab is up', async () => {
    for (const args of [['status'], ['ssh', 'nas'], ['snapshot', 'x'], ['restore', 'x'], ['logs', 'nas']]) {
      expect(await lab(...args)).toMatchObject({
        code: 1,
        stderr: `error: no lab "${NAME}" is up: start one with "npm run lab -- up"\n`,
      });
    }
    expect(await lab('down')).toMatchObject({ code: 0, stdout: `No lab "${NAME}" is up.\n` });
  });

  it('brings one up that outlives the command, and says how to reach each part', async () => {
    const { code, stdout, stderr } = await lab('up');
    expect([code, stderr]).toEqual([0, expect.stringContaining('the machines')]);
    for (const name of ['nas', 'node-a', 'node-b']) expect(stdout).toContain(`npm run lab -- ssh ${name}`);
    expect(stdout).toContain(`kubeconfig:  ${labFolder(NAME)}/control-plane/kubeconfig (context lab)`);
    const status = await lab('status');
    expect(stdout).toContain(status.stdout);
    const again = await lab('up');
    expect(again).toMatchObject({ code: 0, stdout: `The lab is up already.\n${status.stdout}` });
  });

  it('runs a command on a machine, with its words as they are and its exit code', async () => {
    const words = await lab('ssh', 'node-a', '--', 'printf', '<%s>', 'two words', "it's", '$HOME', '');
    expect(words).toMatchObject({ code: 0, stdout: "<two words><it's><$HOME><>" });
    expect(await lab('ssh', 'nas', 'hostname')).toMatchObject({ code: 0, stdout: 'nas\n' });
    expect((await lab('ssh', 'nas', '--', 'sh', '-c', 'exit 7')).code).toBe(7);
    expect(await lab('ssh', 'node-c')).toMatchObject({
      code: 1,
      stderr: 'error: no machine "node-c": expected nas, node-a, node-b\n',
    });
  });

  it('keeps it as it is, and goes back to that', async () => {
    expect((await lab('snapshot', 'clean')).stdout).toMatch(/^Kept as "clean" after [\d.]+ s\.\n$/);
    await lab('ssh', 'node-b', '--', 'touch', '/root/later');
    expect((await lab('restore', 'clean')).stdout).toMatch(/^Back at "clean", every node Ready, after [\d.]+ s\.\n$/);
    expect((await lab('ssh', 'node-b', '--', 'test', '-e', '/root/later')).code).toBe(1);
    expect((await lab('status')).stdout).toContain('snapshots:   clean\n');
    expect(await lab('restore', 'dirty')).toMatchObject({ code: 1, stderr: expect.stringContaining('expected clean') });
  });

  it('prints what a part said', async () => {
    expect((await lab('logs', 'nas')).stdout).toMatch(/== journal\n.*nas/s);
    expect((await lab('logs', 'kube-apiserver')).stdout).toContain('== kube-apiserver');
    expect(await lab('logs', 'kube-proxy')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /no part "kube-proxy" in this lab: expected one of nas, node-a, node-b, supervisor/,
      ),
    });
  });

  it('tells who mistypes', async () => {
    const { code, stderr } = await lab('snapshto', 'x');
    expect(code).toBe(1);
    expect(stderr).toContain("unknown command 'snapshto'");
    expect(stderr).toContain('Did you mean snapshot?');
  });

  it('takes it down, and nothing of it is left', async () => {
    expect(processesIn(labFolder(NAME)).length).toBeGreaterThan(3);
    expect(await lab('down')).toMatchObject({
      code: 0,
      stdout: `The lab is down, and ${labFolder(NAME)} is removed.\n`,
    });
    expect(processesIn(labFolder(NAME))).toEqual([]);
  });
});
