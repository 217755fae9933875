import { iqnOf } from '../../lab/test/lab/log-in';
import { digestIn, Operator } from '../../lab/test/lab/operator';
import { describedApps, runSomebodysApp } from '../../lab/test/lab/somebodys-app';
import { until } from '../../lab/test/until';
import type { Figure } from './figure';
import type { Workbench } from './workbench';

const SIZE = '64Mi';
const app = {
  name: 'sonarr',
  image: 'lscr.io/linuxserver/sonarr:4.0.15',
  port: 8989,
  path: '/volume2/kube-nfs/v/sonarr-config',
  // What is not committed in between can't be told.
  env: { APP_WRITE_MILLISECONDS: '200' },
};

/**
 * How long an app commits nothing while it is moved, from its last row on the old volume to its first on the new one, against
 * being stopped and started again.
 */
export async function benchDowntime(bench: Workbench): Promise<Figure[]> {
  const { lab } = bench;
  await bench.machine.run('systemctl', ['stop', 'kubelet', 'containerd']);
  await bench.makeSource(app.path, { smallFiles: 200 });
  await lab.nas.createLun({ iqn: iqnOf(app.name), lun: 1, size: SIZE });
  await runSomebodysApp(lab, app);
  const operator = await Operator.of(lab, describedApps([{ ...app, size: SIZE }]));
  const commits = () => lab.acknowledgements().flatMap((one) => (one.app === app.name ? [one.milliseconds] : []));

  /** The longest time without a commit from when something is begun until the app commits again behind it. */
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
  try {
    const first = await bench.step('stopped and started on its old volume', again);
    const { stdout: planned } = await operator.lunward('plan', app.name);
    const moved = await bench.step('moved', () =>
      pauseOf(async () => {
        const { code, stdout, stderr } = await operator.lunward('migrate', app.name, '--approve', digestIn(planned));
        if (code !== 0) throw new Error(`lunward migrate ended with ${code}:\n${stdout}${stderr}`);
        console.log((stdout.match(/^ +(on the node|down for).*/gm) ?? []).join('\n'));
      }),
    );
    const second = await bench.step('stopped and started on its new volume', again);
    return [
      {
        name: 'Without a commit while an app with 200 small files is moved, from its last row on NFS to its first on the LUN',
        unit: 's',
        ours: { name: 'lunward migrate', values: [moved] },
        peer: { name: 'stopped and started', values: [first, second] },
      },
    ];
  } finally {
    operator.remove();
  }
}
