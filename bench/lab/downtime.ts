import { iqnOf, PORTAL } from '../../lab/test/lab/log-in';
import { digestIn, Operator } from '../../lab/test/lab/operator';
import { describedApps, runSomebodysApp } from '../../lab/test/lab/somebodys-app';
import { until } from '../../lab/test/until';
import type { Figure } from './figure';
import { inTurn } from './in-turn';
import type { Workbench } from './workbench';

const SIZE = '64Mi';
const MOVES = 5;
const app = {
  name: 'sonarr',
  image: 'lscr.io/linuxserver/sonarr:4.0.15',
  port: 8989,
  path: '/volume2/kube-nfs/v/sonarr-config',
  // Between two commits nothing can be measured.
  env: { APP_WRITE_MILLISECONDS: '200' },
};

/**
 * How long an app commits nothing while it is moved, from its last row on the old volume to its first on the new one,
 * compared with stopping and starting it.
 */
export async function benchDowntime(bench: Workbench): Promise<Figure[]> {
  const { lab } = bench;
  await bench.machine.run('systemctl', ['stop', 'kubelet', 'containerd']);
  await bench.makeSource(app.path, { smallFiles: 200 });
  await runSomebodysApp(lab, app);
  const operator = await Operator.of(lab, describedApps([{ ...app, size: SIZE }]));
  const luns: string[] = [];
  const commits = () => lab.acknowledgements().flatMap((one) => (one.app === app.name ? [one.milliseconds] : []));

  /**
   * The longest time without a commit, in seconds, from the start of some work until the app commits again after it.
   */
  const pauseOf = async (work: () => Promise<void>): Promise<number> => {
    const from = Date.now();
    await work();
    const to = Date.now();
    await until('further commits', 120, () => commits().some((moment) => moment > to));
    const moments = commits().filter((moment) => moment >= from - 2000);
    return Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment))) / 1000;
  };
  const kubectl = (...args: readonly string[]) => lab.kubectl(['--namespace', 'media', ...args]);
  const again = () =>
    pauseOf(async () => {
      await kubectl('scale', `deployment/${app.name}`, '--replicas=0');
      await kubectl('wait', 'pods', '--all', '--for=delete', '--timeout=120s');
      await kubectl('scale', `deployment/${app.name}`, '--replicas=1');
      await kubectl('rollout', 'status', `deployment/${app.name}`, '--timeout=240s');
    });
  let moves = 0;
  /** Each move goes to a LUN of its own, and the app is rolled back to its share afterwards. */
  const moved = async (): Promise<number> => {
    moves += 1;
    const iqn = `${iqnOf(app.name)}-${moves}`;
    await lab.nas.createLun({ iqn, lun: 1, size: SIZE });
    luns.push(
      `        iscsi({ name: '${app.name}-config-${moves + 1}', targetPortal: '${PORTAL}:3260', iqn: '${iqn}', lun: 1, size: '${SIZE}' }),\n`,
    );
    operator.describe(describedApps([{ ...app, size: SIZE }]).replace(/ {8}iscsi\(.*\n/, luns.join('')));
    const { stdout: planned } = await operator.lunward('plan', app.name);
    const seconds = await pauseOf(async () => {
      console.log((await done('migrate', planned)).match(/^ +(on the node|down for).*/gm)?.join('\n'));
    });
    await done('rollback', (await operator.lunward('rollback', app.name)).stdout);
    return seconds;
  };
  const done = async (command: string, asked: string): Promise<string> => {
    const { code, stdout, stderr } = await operator.lunward(command, app.name, '--approve', digestIn(asked));
    if (code !== 0) throw new Error(`lunward ${command} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  };
  try {
    const pauses = await inTurn(
      {
        again: () => bench.step('stopped and started', again),
        moved: () => bench.step('moved, and taken back', moved),
      },
      MOVES,
    );
    return [
      {
        name: 'Without a commit while an app with 200 small files is moved, from its last row on NFS to its first on the LUN',
        unit: 's',
        ours: { name: 'lunward migrate', values: pauses.moved },
        peer: { name: 'stopped and started', values: pauses.again },
      },
    ];
  } finally {
    operator.remove();
  }
}
