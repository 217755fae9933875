import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { useLab } from './fixture';
import { iqnOf } from './log-in';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { describedApps, lastRowOf, runSomebodysApp, type SomebodysApp } from './somebodys-app';

const SIZE = '64Mi';
const folder = (app: string) => `/volume2/kube-nfs/v/${app}-config`;
const sonarr: SomebodysApp = {
  name: 'sonarr',
  image: 'lscr.io/linuxserver/sonarr:4.0.15',
  port: 8989,
  path: folder('sonarr'),
};
/** One that never answers where it is said to. */
const radarr: SomebodysApp = {
  name: 'radarr',
  image: 'lscr.io/linuxserver/radarr:5.27.5',
  port: 7878,
  path: folder('radarr'),
  healthPath: '/nowhere',
};
const apps = [sonarr, radarr];

const fixture = useLab({ podsOn: ['node-b'] });
let operator: Operator;
const luns: Record<string, Lun> = {};

const lunward = (command: string, ...args: readonly string[]) => operator.lunward(command, ...args);
const kubectl = (...args: readonly string[]) => fixture.lab.kubectl(['--namespace', 'media', ...args]);
const digestOf = async (app: string) => digestIn((await lunward('plan', app)).stdout);
const claimOf = (app: string) =>
  kubectl(
    'get',
    'pods',
    '-l',
    `app=my-${app}`,
    '-o',
    'jsonpath={.items[*].spec.volumes[*].persistentVolumeClaim.claimName}',
  );
const rowsOf = (app: string) =>
  fixture.lab
    .acknowledgements()
    .flatMap((one) => (one.app === app && one.database.endsWith(`${app}.db`) ? [one.row] : []));

async function goesOnWriting(app: string): Promise<void> {
  const row = lastRowOf(fixture.lab, app);
  await until(`further rows of ${app}`, 90, () => lastRowOf(fixture.lab, app) > row + 2);
}

beforeAll(async () => {
  const { lab } = fixture;
  operator = await Operator.of(lab, describedApps(apps.map((app) => ({ ...app, size: SIZE }))));
  for (const app of apps) {
    await lab.nas.exportNfs({ path: app.path, rootSquash: false });
    luns[app.name] = await lab.nas.createLun({ iqn: iqnOf(app.name), lun: 1, size: SIZE });
    await runSomebodysApp(lab, { ...app, env: { APP_WRITE_MILLISECONDS: '1000' } });
  }
}, 1_200_000);
afterAll(() => operator?.remove());

describe('an app that is being moved', () => {
  it('is started again where it was, when somebody still has its folder mounted, who is named', async () => {
    const node = fixture.lab.node('node-a');
    await node.run('systemd-run', [
      '--unit=busy',
      '--property=PrivateMounts=yes',
      'bash',
      '-c',
      `mount -t nfs -o ro 192.0.2.200:${sonarr.path} /mnt && exec sleep 10000`,
    ]);
    const { code, stderr } = await lunward('migrate', 'sonarr', '--approve', await digestOf('sonarr'));
    await node.run('systemctl', ['stop', 'busy']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /sonarr could not be moved: it is still in use.*: node-a has .*\/mnt, as process \d+ sees it/,
    );
    expect(stderr).toContain('It runs on its old volume again');
    expect(await claimOf('sonarr')).toBe('sonarr-config');
    await goesOnWriting('sonarr');
  }, 600_000);

  it('is moved all the same, when somebody scales it up meanwhile, or begins to move it as well', async () => {
    const digest = await digestOf('sonarr');
    const moving = lunward('migrate', 'sonarr', '--approve', digest);
    await until(
      'it is stopped',
      300,
      async () => (await kubectl('get', 'pods', '-l', 'app=my-sonarr', '-o', 'name')) === '',
    );
    const second = lunward('migrate', 'sonarr', '--approve', digest);
    await kubectl('scale', 'deployment/sonarr', '--replicas=1');
    const { code, stdout, stderr } = await moving;
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(await second).toMatchObject({ code: 1, stderr: expect.stringContaining('is at work at this app') });
    expect(await claimOf('sonarr')).toBe('sonarr-config-2');
    await goesOnWriting('sonarr');
    const rows = rowsOf('sonarr');
    expect(rows).toEqual([...new Set(rows)].sort((one, other) => one - other));
    const events = await kubectl(
      'get',
      'events',
      '--field-selector',
      'reason=FailedCreate',
      '-o',
      'jsonpath={.items[*].message}',
    );
    expect(events).toContain('the data of sonarr is being moved by lunward from here');
    await expectNothingLeftOn(fixture.lab.node('node-a'));
  }, 600_000);

  it('is taken back when it is not well on its new volume, which is kept and never used again', async () => {
    const { code, stderr } = await lunward('migrate', 'radarr', '--approve', await digestOf('radarr'));
    expect(code).toBe(1);
    expect(stderr).toContain('radarr is not well on its new volumes: /nowhere of the app answers 404');
    expect(stderr).toContain('It was taken back, and runs on radarr-config as before');
    expect(await claimOf('radarr')).toBe('radarr-config');
    await goesOnWriting('radarr');
    expect((await fixture.lab.nas.sessions()).map(({ iqn }) => iqn)).toEqual([iqnOf('sonarr')]);
    const again = await lunward('plan', 'radarr');
    expect([again.code, again.stdout]).toEqual([1, expect.stringContaining('and radarr was taken back from it')]);
  }, 900_000);
});

describe('an app that was moved', () => {
  /** Starts it on whatever the NAS gives out in place of its LUN. @returns what keeps it from that */
  async function startOn(other: Lun): Promise<string> {
    await kubectl('scale', 'deployment/sonarr', '--replicas=0');
    await until('nobody is logged in', 120, async () => (await fixture.lab.nas.sessions()).length === 0);
    const swapped = await fixture.lab.nas.mapWrongLun(luns.sonarr as Lun, other);
    const before = await fixture.lab.nas.hashLun(other);
    await kubectl('scale', 'deployment/sonarr', '--replicas=1');
    const why = await until('why it does not start', 240, whyNotStarted);
    expect(await fixture.lab.nas.hashLun(other)).toBe(before);
    await kubectl('scale', 'deployment/sonarr', '--replicas=0');
    await until('nobody is logged in', 240, async () => (await fixture.lab.nas.sessions()).length === 0);
    await swapped.undo();
    return why;
  }

  async function whyNotStarted(): Promise<string> {
    const pods = ['get', 'pods', '-l', 'app=my-sonarr', '-o'];
    const guard = await kubectl(
      ...pods,
      'jsonpath={.items[*].status.initContainerStatuses[*].state.terminated.message}',
    );
    const again = await kubectl(
      ...pods,
      'jsonpath={.items[*].status.initContainerStatuses[*].lastState.terminated.message}',
    );
    const name = await kubectl(...pods, 'jsonpath={.items[0].metadata.name}').catch(() => '');
    const selector = ['--field-selector', `reason=FailedMount,involvedObject.name=${name}`];
    return guard || again || kubectl('get', 'events', ...selector, '-o', 'jsonpath={.items[*].message}');
  }

  it('does not start on a blank LUN, which stays blank', async () => {
    const blank = await fixture.lab.nas.createLun({ iqn: 'iqn.2000-01.com.example:spare', lun: 1, size: SIZE });
    expect(await startOn(blank)).toMatch(/mkfs\.auto|executable file not found/);
  }, 600_000);

  it('starts again on its own', async () => {
    await kubectl('scale', 'deployment/sonarr', '--replicas=1');
    await kubectl('rollout', 'status', 'deployment/sonarr', '--timeout=240s');
    await goesOnWriting('sonarr');
  }, 600_000);
});
