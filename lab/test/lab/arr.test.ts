import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowsOf } from '../../rehearsal/move';
import { Adopter } from './adopter';
import { useLab } from './fixture';
import { iqnOf } from './log-in';
import { expectNothingLeftOn } from './nothing-left';
import { describedApps, instancesOfApps, podsOfApps, runSomebodysApp, type SomebodysApp } from './somebodys-app';

const SIZE = '64Mi';
// Emulated machines have no time for so many writers at once, unless these write rarely.
const env = { APP_WRITE_MILLISECONDS: '1000' };
const apps: readonly SomebodysApp[] = [
  {
    name: 'sonarr',
    image: 'lscr.io/linuxserver/sonarr:4.0.15',
    port: 8989,
    path: '/volume2/kube-nfs/v/sonarr-config',
    env,
  },
  {
    name: 'radarr',
    image: 'lscr.io/linuxserver/radarr:5.27.5',
    port: 7878,
    path: '/volume2/kube-nfs/v/radarr-config',
    env,
  },
];
const names = apps.map(({ name }) => name);
const DESCRIPTION = describedApps(apps.map((app) => ({ ...app, size: SIZE })));

const fixture = useLab({ podsOn: ['node-b'] });
let adopter: Adopter;

beforeAll(async () => {
  const { lab } = fixture;
  for (const app of apps) {
    await lab.nas.exportNfs({ path: app.path, rootSquash: false });
    await lab.nas.createLun({ iqn: iqnOf(app.name), lun: 1, size: SIZE });
    await runSomebodysApp(lab, app);
  }
  adopter = await Adopter.of(fixture, DESCRIPTION);
}, 1_200_000);
afterAll(() => adopter?.remove());

describe('two running apps', () => {
  it('are adopted by Pulumi as they run', async () => {
    const before = { pods: await podsOfApps(fixture.lab), instances: instancesOfApps(fixture.lab) };
    for (const name of names) await adopter.adopt(name);
    expect({ pods: await podsOfApps(fixture.lab), instances: instancesOfApps(fixture.lab) }).toEqual(before);
  });

  it('are moved by one command, one after the other, without losing a row', async () => {
    const planned = await adopter.lunward('plan', ...names);
    expect(planned.code, planned.output).toBe(0);
    const digests = [...planned.output.matchAll(/digest ([0-9a-f]{16})/g)].map(([, digest = '']) => digest);
    expect(digests).toHaveLength(apps.length);
    const { code, output } = await adopter.lunward('migrate', ...names, '--approve', ...digests);
    expect(code, output).toBe(0);
    for (const name of names) expect(output).toContain(`${name} runs on its new volume.`);
    const rows = await rowsOf(fixture.lab, names, Date.now());
    expect(rows).toEqual(names.map((app) => expect.objectContaining({ app, anew: 0, again: 0 })));
    expect((await fixture.lab.nas.sessions()).map(({ iqn }) => iqn).sort()).toEqual(names.map(iqnOf).sort());
    await expectNothingLeftOn(fixture.lab.node('node-a'));
  }, 1_800_000);

  it('are as Pulumi would apply them', async () => {
    const pods = await podsOfApps(fixture.lab);
    // A claim, a PersistentVolume and their older generations, Deployment, Service, component, provider, stack.
    for (const name of names) expect(await adopter.project.up(name)).toMatch(/Resources:\s+9 unchanged/);
    expect(await podsOfApps(fixture.lab)).toBe(pods);
  }, 300_000);

  it('do not get their old volumes from an old checkout', async () => {
    rmSync(join(adopter.project.folder, 'lunward.lock.json'));
    const { code, output } = await adopter.project.tryPulumi('up', '--yes', '--skip-preview', '--stack', 'sonarr');
    expect([code, output]).toEqual([expect.any(Number), expect.stringContaining('lunward status sonarr --write-lock')]);
    expect(code).not.toBe(0);
    expect((await adopter.lunward('status', ...names, '--write-lock')).code).toBe(0);
    expect(await adopter.project.up('sonarr')).toMatch(/Resources:\s+9 unchanged/);
  }, 300_000);
});
