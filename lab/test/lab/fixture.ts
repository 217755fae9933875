import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Engine, findEngine } from '../../engine/engine';
import { lines } from '../../engine/progress';
import type { Lab } from '../../lab';
import type { LabMachine } from '../../machine';
import type { Lun } from '../../nas/nas';
import { openLab } from '../../open';
import { NAS } from '../../setup/specs';
import { until } from '../until';

/** Where the NAS gives out LUNs. */
export const PORTAL = NAS.address;

/** The lab of one file of tests. */
export interface LabFixture {
  lab: Lab;
  engine: Engine;
}

/** Brings up a lab before the tests of a file, and ends it behind them; what its parts said is kept when one failed. */
export function useLab(): LabFixture {
  const fixture = {} as LabFixture;
  beforeAll(async () => {
    fixture.lab = await openLab({ progress: lines() });
    fixture.engine = await findEngine();
  }, 1_200_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepEvidence(fixture.lab, task.name);
  });
  afterAll(() => fixture.lab?.stop());
  return fixture;
}

/** Logs in to a target, and returns the device of one of its LUNs. */
export async function logIn(machine: LabMachine, iqn: string, lun = 1): Promise<string> {
  await machine.logIn(iqn, PORTAL);
  const device = `/dev/disk/by-path/ip-${PORTAL}:3260-iscsi-${iqn}-lun-${lun}`;
  await until(`${device} on ${machine.name}`, 60, async () => {
    await machine.run('udevadm', ['settle']);
    return (await machine.tryRun('test', ['-b', device])).code === 0;
  });
  return device;
}

export function logOut(machine: LabMachine, iqn: string): Promise<void> {
  return machine.logOut(iqn, PORTAL);
}

/** Has a machine do something with a LUN, which a script finds as `$1`. */
export async function onDevice(machine: LabMachine, { iqn, lun }: Lun, command: string): Promise<string> {
  const device = await logIn(machine, iqn, lun);
  const printed = await machine.run('bash', ['-ec', `${command}\nsync`, 'bash', device], { timeoutSeconds: 120 });
  // What LVM has begun to use can't be logged out of.
  await machine.tryRun('vgchange', ['--activate', 'n']);
  await logOut(machine, iqn);
  return printed;
}

/** Makes a target with a LUN that holds an empty file system. */
export async function createFormatted(lab: Lab, iqn: string, type = 'ext4'): Promise<void> {
  await lab.nas.formatLun(await lab.nas.createLun({ iqn, lun: 1, size: '1Gi' }), type);
}

async function keepEvidence(lab: Lab | undefined, test: string): Promise<void> {
  if (!lab) return;
  const folder = mkdtempSync(join(tmpdir(), 'lunward-evidence-'));
  for (const machine of [lab.nas, ...lab.allNodes]) {
    const said = await machine.tryRun('journalctl', ['--no-pager', '--lines', '2000']).catch(String);
    writeFileSync(join(folder, `${machine.name}.log`), typeof said === 'string' ? said : said.stdout);
  }
  const events = ['get', 'pods,events', '--all-namespaces', '--output', 'wide'];
  writeFileSync(join(folder, 'events'), await lab.kubectl(events).catch(String));
  console.log(`"${test}" failed; what the machines said is in ${folder}`);
}
