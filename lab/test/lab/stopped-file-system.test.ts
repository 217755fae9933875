import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../../rehearsal/move';
import { until } from '../until';
import { useLab } from './fixture';
import { iqnOf } from './log-in';
import { digestIn, Operator } from './operator';
import { describedApps, lastRowOf, podsOfApps, runSomebodysApp } from './somebodys-app';

const APP = 'prowlarr';
const SIZE = '64Mi';
const AWAY_SECONDS = 200;
const app = {
  name: APP,
  image: 'lscr.io/linuxserver/prowlarr:2.0.5',
  port: 9696,
  path: '/volume2/kube-nfs/v/prowlarr-config',
};
const description = describedApps([{ ...app, size: SIZE }]);

const fixture = useLab({ podsOn: ['node-b'] });
let operator: Operator;
const lastRow = () => lastRowOf(fixture.lab, APP);

/** The node of the app is without its target, and has it again. */
async function targetAway(seconds: number): Promise<void> {
  const fault = await fixture.lab.cutLink('node-b');
  await sleep(seconds * 1000);
  await fault.undo();
  const session = () => fixture.lab.node('node-b').run('bash', ['-c', 'cat /sys/class/iscsi_session/session*/state']);
  await until('the session of node-b', 120, session, (found) => found.trim() === 'LOGGED_IN');
}

interface Found {
  readonly code: string;
  readonly severity: string;
}

async function findings(command: 'doctor' | 'verify'): Promise<string[]> {
  const { stdout, stderr } = await operator.lunward(command, ...(command === 'verify' ? [APP] : []), '--json');
  console.log(stdout, stderr);
  const { result } = JSON.parse(stdout) as { result: { findings: Found[] } | { findings: Found[] }[] };
  const all = Array.isArray(result) ? result.flatMap((one) => one.findings) : result.findings;
  return all.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

beforeAll(async () => {
  const { lab } = fixture;
  await lab.nas.exportNfs({ path: app.path, rootSquash: false });
  await lab.nas.createLun({ iqn: iqnOf(APP), lun: 1, size: SIZE });
  await runSomebodysApp(lab, app);
  operator = await Operator.of(lab, description);
  const { stdout } = await operator.lunward('plan', APP);
  const moved = await operator.lunward('migrate', APP, '--approve', digestIn(stdout));
  expect(moved.code, `${moved.stdout}${moved.stderr}`).toBe(0);
}, 1_200_000);
afterAll(() => operator?.remove());

describe(`an app on a LUN whose target is away for ${AWAY_SECONDS} s`, () => {
  it('has a stopped file system, which doctor and verify find and restart repairs', async () => {
    await targetAway(AWAY_SECONDS);
    const at = lastRow();
    expect(await findings('doctor')).toContain('file-system-stopped');
    expect(await findings('verify')).toContain('file-system-stopped');
    expect(lastRow()).toBe(at);
    const healedAt = Date.now();
    const shown = await operator.lunward('restart', APP);
    const { code, stdout, stderr } = await operator.lunward('restart', APP, '--approve', digestIn(shown.stdout));
    console.log(shown.stdout, stdout, stderr);
    expect(code, `${stdout}${stderr}`).toBe(0);
    const [rows] = await rowsOf(fixture.lab, [APP], healedAt);
    expect(rows).toMatchObject({ app: APP, anew: 0, again: 0 });
    expect(await findings('verify')).toEqual([]);
  }, 1_200_000);

  it('waits for it if replacementTimeout is long enough, and needs no repair', async () => {
    operator.describe(
      description.replace("ssh: 'root@192.0.2.211'", "ssh: 'root@192.0.2.211', replacementTimeout: 900"),
    );
    const nodes = await operator.lunward('nodes');
    expect(nodes.code, `${nodes.stdout}${nodes.stderr}`).toBe(0);
    const pods = await podsOfApps(fixture.lab);
    const cutAt = Date.now();
    await targetAway(AWAY_SECONDS);
    const at = lastRow();
    await until('further rows', 120, () => lastRow() > at + 3);
    const [rows] = await rowsOf(fixture.lab, [APP], cutAt);
    expect(rows).toMatchObject({ app: APP, anew: 0, again: 0 });
    expect(await podsOfApps(fixture.lab)).toBe(pods);
    expect(await findings('verify')).toEqual([]);
  }, 1_200_000);
});
