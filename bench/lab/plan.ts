import { run } from '../../lab/engine/run';
import type { LabMachine } from '../../lab/machine';
import { description, IQN, PATH, runJellyfin } from '../../lab/test/lab/jellyfin';
import { Operator } from '../../lab/test/lab/operator';
import type { Figure } from './figure';
import { inTurn } from './in-turn';
import type { Workbench } from './workbench';

/** `lunward plan` of a running app, compared with one round trip of ssh. */
export async function benchPlan(bench: Workbench): Promise<Figure[]> {
  const { lab } = bench;
  await lab.nas.exportNfs({ path: PATH, rootSquash: false });
  await lab.nas.createLun({ iqn: IQN, lun: 1, size: '128Mi' });
  await runJellyfin(lab);
  const operator = await Operator.of(lab, description());
  const plan = () => timed(() => operator.lunward('plan', 'jellyfin'));
  const ssh = () => timed(() => run('ssh', ['-T', 'admin@192.0.2.210', 'true']));
  try {
    const before = await logins(lab.allNodes);
    await plan();
    const connections = (await logins(lab.allNodes)) - before;
    const taken = await inTurn({ plan, ssh }, 3);
    return [
      {
        name: '`lunward plan` of one app, from a cold process',
        unit: 's',
        ours: { name: 'lunward plan', values: taken.plan },
        peer: { name: 'ssh node true', values: taken.ssh },
      },
      {
        name: 'SSH connections of `lunward plan`',
        unit: '',
        ours: { name: 'connections', values: [connections] },
        peer: { name: 'nodes', values: [lab.allNodes.length] },
      },
    ];
  } finally {
    operator.remove();
  }
}

async function timed(work: () => ReturnType<typeof run>): Promise<number> {
  const begin = performance.now();
  const { code, stdout, stderr } = await work();
  if (code !== 0) throw new Error(`what is timed ended with ${code}:\n${stdout}${stderr}`);
  return (performance.now() - begin) / 1000;
}

/** The number of logins to the machines so far. */
async function logins(machines: readonly LabMachine[]): Promise<number> {
  const accepted = ['--quiet', '--output=cat', '--identifier=sshd', '--grep=^Accepted '];
  // journalctl exits with 1 if there were none.
  const logs = await Promise.all(machines.map((machine) => machine.tryRun('journalctl', accepted)));
  return logs.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean)).length;
}
