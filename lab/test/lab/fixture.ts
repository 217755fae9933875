import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Engine, findEngine } from '../../engine/engine';
import { lines } from '../../engine/progress';
import type { Lab } from '../../lab';
import { openLab } from '../../open';
import { SshUser } from '../../ssh-user';

export { logIn, logOut, onDevice, PORTAL } from './log-in';

/** The lab of one test file. */
export interface LabFixture {
  lab: Lab;
  engine: Engine;
}

/**
 * Brings up a lab before the tests of a file, and stops it after them; keeps its logs if a test failed.
 *
 * @param options.podsOn the nodes that run pods. An emulated node without pods has a third more time for everything
 * else. @default all
 */
export function useLab({ podsOn }: { readonly podsOn?: readonly string[] } = {}): LabFixture {
  const fixture = {} as LabFixture;
  beforeAll(async () => {
    fixture.lab = await openLab({ progress: lines() });
    const others = fixture.lab.allNodes.filter(({ name }) => podsOn && !podsOn.includes(name));
    await Promise.all(others.map((node) => node.run('systemctl', ['stop', 'kubelet', 'containerd'])));
    fixture.engine = await findEngine();
  }, 1_200_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepEvidence(fixture.lab, task.name);
  });
  afterAll(() => fixture.lab?.stop());
  return fixture;
}

/**
 * For the tests of a file, this process is a user whose `ssh` knows the machines: programs that it starts find that
 * `ssh` first.
 */
export function useSsh(fixture: LabFixture): void {
  const path = process.env.PATH;
  let user: SshUser | undefined;
  beforeAll(async () => {
    user = await SshUser.of(fixture.lab);
    process.env.PATH = user.environment.PATH;
  });
  afterAll(() => {
    process.env.PATH = path;
    user?.remove();
  });
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
