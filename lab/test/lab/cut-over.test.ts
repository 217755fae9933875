import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../until';
import { useLab } from './fixture';
import { description, IQN, PATH, runJellyfin, SIZE } from './jellyfin';
import { inOrder, JellyfinsLife, SETTINGS } from './jellyfins-life';
import { keptFromOtherLuns } from './kept-from-other-luns';
import { movedOn } from './moved-on';
import { movedToShare } from './moved-to-share';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { instancesOfApps, podsOfApps } from './somebodys-app';

const fixture = useLab({ podsOn: ['node-b'] });
const life = new JellyfinsLife(fixture);
const { kubectl, rows, claimOfPods } = life.seen;
const lunward = (command: string, ...args: readonly string[]) => life.lunward(command, ...args);
const onLun = (file: string) => life.onLun('jellyfin-config-2', file);

beforeAll(async () => {
  const { nas } = fixture.lab;
  life.operator = await Operator.of(fixture.lab, description());
  await nas.exportNfs({ path: PATH, rootSquash: false });
  await nas.write(`${PATH}/.hidden file`, 'kept\n');
  await nas.write(`${PATH}/database.xml`, SETTINGS);
  life.lun = await nas.createLun({ iqn: IQN, lun: 1, size: SIZE });
  await runJellyfin(fixture.lab);
}, 1_200_000);
afterAll(() => life.operator?.remove());

describe('a running app', () => {
  it('is moved with all that it wrote, and reported', async () => {
    const instances = instancesOfApps(fixture.lab);
    const { stdout: planned } = await lunward('plan', 'jellyfin');
    const { code, stdout, stderr } = await lunward('migrate', 'jellyfin', '--approve', digestIn(planned));
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin runs on its new volume.');
    expect(stdout).toMatch(/down for \d+\.\d s: stop .*, copy and verify .*, release .*, switch .*, start /);
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    // Otherwise the pod would have waited for the kubelet's next look, as one may have that a user applied together
    // with its claim.
    const pod = await kubectl('get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}');
    const events = await kubectl('get', 'events', '--field-selector', `involvedObject.name=${pod}`);
    expect(events).toContain('Started');
    expect(events).not.toContain('is not bound');
    const now = life.lastRow;
    await until('further rows', 60, async () => life.lastRow > now + 3);
    expect(instancesOfApps(fixture.lab)).toEqual(instances);
    // Read once: it writes on.
    const told = rows();
    expect(told).toEqual(inOrder(told));
    await expectNothingLeftOn(fixture.lab.node('node-a'));
    expect((await fixture.lab.nas.sessions()).map(({ iqn }) => iqn)).toEqual([IQN]);
    const [report] = stdout.match(/(?<=This report is in ).*/) ?? [];
    expect(readFileSync(report ?? '', 'utf8')).toContain('jellyfin runs on its new volume.');
  }, 600_000);

  it('has everything on the new volume, and the old one is unchanged', async () => {
    const manifest = (await onLun('.lunward/manifest')).split('\0').slice(1).filter(Boolean);
    const moved = manifest.map((record) => /^(\S+) \S+ \S+ (.*)$/s.exec(record)?.slice(1) ?? []);
    const sums = await fixture.lab.nas.run('bash', ['-c', `cd ${PATH}; find . -type f -exec sha256sum {} +`]);
    const old = sums
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, 64), line.slice(68)]);
    const others = (files: string[][]) => files.filter(([, name]) => name !== 'database.xml').sort();
    expect(others(moved)).toEqual(others(old));
    expect(await onLun('database.xml')).toBe(SETTINGS.replace('Optimistic', 'NoLock'));
    expect(await fixture.lab.nas.run('cat', [`${PATH}/database.xml`])).toBe(SETTINGS);
    expect(await onLun('.hidden file')).toBe('kept\n');
    expect(await onLun('.lunward/marker')).toContain('state=sealed\nattempt=1\nvolume=jellyfin-config-2\n');
  });

  it('is recorded in lock file, journal and cluster', async () => {
    expect(life.lock).toEqual({
      version: 1,
      live: { jellyfin: { '/config': 'jellyfin-config-2' } },
      sealed: { jellyfin: { 'jellyfin-config-2': { attempt: 1, uuid: expect.any(String) } } },
    });
    const journal = JSON.parse(await kubectl('get', 'configmap', 'lunward-jellyfin', '-o', 'jsonpath={.data.journal}'));
    expect(journal).toMatchObject({ live: { '/config': 'jellyfin-config-2' } });
    expect(journal).not.toHaveProperty('cutover');
    const fsType = await kubectl('get', 'pv', 'jellyfin-config-2', '-o', 'jsonpath={.spec.iscsi.fsType}');
    expect(fsType).toBe('auto');
    const guard = 'jsonpath={.items[*].status.initContainerStatuses[*].state.terminated.exitCode}';
    expect(await kubectl('get', 'pods', '-o', guard)).toBe('0');
  });

  it('has nothing left to do', async () => {
    const { code, stdout } = await lunward('migrate', 'jellyfin');
    expect([code, stdout]).toEqual([0, expect.stringContaining(': nothing to do')]);
  });

  it('stays where it is when its old manifests are applied, which is refused', async () => {
    const pods = await podsOfApps(fixture.lab);
    await expect(runJellyfin(fixture.lab)).rejects.toThrow(
      /jellyfin runs on claim jellyfin-config-2 .*a volume that is not live \(jellyfin-config\)/s,
    );
    expect(await podsOfApps(fixture.lab)).toBe(pods);
  });
});

describe('an app that was moved', () => {
  it('is rolled back only with an approval, and loses nothing of the old volume', async () => {
    const unasked = await lunward('rollback', 'jellyfin');
    expect(unasked).toMatchObject({ code: 3, stderr: expect.stringContaining('--approve') });
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    const before = await fixture.lab.nas.run('bash', ['-c', `cd ${PATH}; find . -type f -exec sha256sum {} + | sort`]);
    const { code, stdout, stderr } = await lunward('rollback', 'jellyfin', '--approve', digestIn(unasked.stdout));
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(before).toContain('.hidden file');
    expect(stdout).toContain(
      'jellyfin runs on jellyfin-config again; what it wrote since then stays on jellyfin-config-2',
    );
    expect(await claimOfPods()).toBe('jellyfin-config');
    expect(life.lock.live).toEqual({ jellyfin: { '/config': 'jellyfin-config' } });
    expect(await fixture.lab.nas.sessions()).toEqual([]);
    expect(existsSync(join(life.operator.folder, 'lunward-reports'))).toBe(true);
    const told = rows().length;
    await until('further rows', 120, () => rows().length > told + 3);
  }, 600_000);

  it('returns to the volume that it was rolled back from, with what it left there', async () => {
    const left = await fixture.lab.nas.hashLun(life.lun);
    const told = rows().length;
    const unasked = await lunward('rollback', 'jellyfin');
    expect(unasked.stdout).toContain('returns to claim jellyfin-config-2');
    expect(await fixture.lab.nas.hashLun(life.lun)).toBe(left);
    const { code, stdout, stderr } = await lunward('rollback', 'jellyfin', '--approve', digestIn(unasked.stdout));
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin runs on jellyfin-config-2 again, as it left it there');
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    expect(life.lock.sealed.jellyfin['jellyfin-config-2']).toMatchObject({ attempt: 2 });
    expect(await onLun('.lunward/marker')).toContain('state=sealed\nattempt=2\n');
    await until('further rows', 60, async () => rows().length > told + 3);
    expect((await lunward('verify', 'jellyfin')).code).toBe(0);
  }, 600_000);

  it('has its old volume retired, whose data stays', async () => {
    const pods = await podsOfApps(fixture.lab);
    const unasked = await lunward('retire', 'jellyfin');
    const { code, stdout, stderr } = await lunward('retire', 'jellyfin', '--approve', digestIn(unasked.stdout));
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(await kubectl('get', 'pvc', '-o', 'name')).toBe('persistentvolumeclaim/jellyfin-config-2\n');
    expect(await kubectl('get', 'pv', '-o', 'name')).toBe('persistentvolume/jellyfin-config-2\n');
    expect(await fixture.lab.nas.run('cat', [`${PATH}/.hidden file`])).toBe('kept\n');
    expect(await podsOfApps(fixture.lab)).toBe(pods);
    await expect(runJellyfin(fixture.lab)).rejects.toThrow(/a volume that is not live \(jellyfin-config \(retired\)/);
    expect((await lunward('rollback', 'jellyfin')).stdout).toContain(
      'jellyfin-config was retired, so Lunward cannot return',
    );
  });
});

describe('an app that was moved does not start', () => keptFromOtherLuns(life));

describe('an app on a LUN', () => movedOn(life));

describe('an app that leaves its LUN', () => movedToShare(life));
