import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until';
import { Adopter } from './adopter';
import { useLab } from './fixture';
import { iqnOf } from './log-in';
import { nfsWriters } from './nfs-writers';
import { expectNothingLeftOn } from './nothing-left';
import { Operator } from './operator';
import {
  describedApps,
  instancesOfApps,
  lastRowOf,
  podsOfApps,
  runSomebodysApp,
  type SomebodysApp,
} from './somebodys-app';

const SIZE = '64Mi';
// So many writers at once are more than emulated machines have time for, unless they take it easy.
const env = { APP_WRITE_MILLISECONDS: '1000' };
const apps: readonly SomebodysApp[] = [
  { name: 'sonarr', image: 'lscr.io/linuxserver/sonarr:4.0.15', path: '/volume2/kube-nfs/v/sonarr-config', env },
  { name: 'radarr', image: 'lscr.io/linuxserver/radarr:5.27.5', path: '/volume2/kube-nfs/v/radarr-config', env },
  { name: 'prowlarr', image: 'lscr.io/linuxserver/prowlarr:2.0.5', path: '/volume2/kube-nfs/v/prowlarr-config', env },
];
const names = apps.map(({ name }) => name);
const DESCRIPTION = describedApps(apps.map((app) => ({ ...app, size: SIZE })));

const fixture = useLab({ podsOn: ['node-b'] });
let operator: Operator;
let adopter: Adopter;

const lastRow = (app: string) => lastRowOf(fixture.lab, app);
const instances = () => instancesOfApps(fixture.lab);
const pods = () => podsOfApps(fixture.lab);

beforeAll(async () => {
  const { lab } = fixture;
  operator = await Operator.of(lab, DESCRIPTION);
  for (const app of apps) {
    await lab.nas.exportNfs({ path: app.path, rootSquash: false });
    await lab.nas.createLun({ iqn: iqnOf(app.name), lun: 1, size: SIZE });
    await runSomebodysApp(lab, app);
  }
  adopter = Adopter.of(fixture, DESCRIPTION);
}, 1_200_000);
afterAll(() => {
  operator?.remove();
  adopter?.remove();
});

describe('the arr apps that somebody runs', () => {
  it('are adopted, planned and prepared in one go, and go on writing', async () => {
    const before = { pods: await pods(), instances: instances() };
    for (const name of names) await adopter.adopt(name);
    const planned = await operator.lunward('plan', ...names);
    expect([planned.code, planned.stderr], planned.stdout).toEqual([0, '']);
    const digests = [...planned.stdout.matchAll(/digest ([0-9a-f]{16})/g)].map(([, digest = '']) => digest);
    expect(digests).toHaveLength(apps.length);
    const endAudit = await fixture.lab.nas.auditNfs();
    const approvals = ['--approve', ...digests];
    const { code, stdout, stderr } = await operator.lunward('migrate', ...names, '--until', 'prepare', ...approvals);
    const calls = await endAudit();
    expect([code, stderr], stdout).toEqual([0, '']);
    for (const name of names) expect(stdout).toContain(`${name} is prepared: it runs on as before`);
    expect(nfsWriters(calls)).toEqual(['192.0.2.211']);
    expect(await pods()).toBe(before.pods);
    expect(instances()).toEqual(before.instances);
    for (const name of names) {
      const row = lastRow(name);
      await until(`further rows of ${name}`, 60, async () => lastRow(name) > row);
    }
    await expectNothingLeftOn(fixture.lab.node('node-a'));
  }, 1_200_000);
});
