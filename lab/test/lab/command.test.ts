import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../engine/run';
import { labFolder } from '../../open';
import { until } from '../until';

const JITI = join(__dirname, '../../../node_modules/.bin/jiti');
const MAIN = join(__dirname, '../../main.ts');
const NAME = 'of-a-command-test';

/** What a person types after `npm run lab --`. */
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

  it('makes storage for trying things by hand, and an app on it', async () => {
    const iqn = 'iqn.2000-01.com.example:prowlarr';
    const made = await lab('lun', iqn, '1', '64Mi', '--format', 'ext4');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(`iqn: '${iqn}', lun: 1`) });
    expect(await lab('export', '/volume1/by-hand')).toMatchObject({ code: 0 });
    expect((await lab('ssh', 'nas', '--', 'exportfs')).stdout).toContain('/volume1/by-hand');
    expect(await lab('app', 'prowlarr', '--lun', `${iqn},1`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('media/prowlarr is Ready'),
    });
    const rows = async () => (await lab('rows', 'prowlarr')).stdout;
    await until('rows of prowlarr', 60, rows, (said) => /^prowlarr +prowlarr\.db +\S+ +[1-9]\d* +\d+/m.test(said));
  });

  it('cuts a machine off from the storage network, and connects it again', async () => {
    const ping = async () => (await lab('ssh', 'node-a', '--', 'ping', '-c', '1', '-W', '2', '192.0.2.200')).code;
    expect(await lab('cut', 'node-a')).toMatchObject({ code: 0 });
    expect(await ping()).not.toBe(0);
    expect(await lab('mend', 'node-a')).toMatchObject({ code: 0 });
    await until('an answer', 30, async () => (await ping()) === 0);
    expect(await lab('cut', 'node-c')).toMatchObject({ code: 1, stderr: expect.stringContaining('"node-c"') });
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
