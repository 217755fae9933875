import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { onDevice, useLab } from './fixture';
import { description, IQN, PATH, runJellyfin } from './jellyfin';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { seenJellyfin } from './seen-jellyfin';
import { instancesOfApps, lastRowOf, podsOfApps } from './somebodys-app';

const SETTINGS = `<?xml version="1.0" encoding="utf-8"?>
<DatabaseConfigurationOptions>
  <DatabaseType>Jellyfin-SQLite</DatabaseType>
  <LockingBehavior>Optimistic</LockingBehavior>
</DatabaseConfigurationOptions>
`;

const fixture = useLab({ podsOn: ['node-b'] });
let operator: Operator;
let lun: Lun;

const lunward = (command: string, ...args: readonly string[]) => operator.lunward(command, ...args);
const { kubectl, rows, claimOfPods } = seenJellyfin(fixture);
const lastRow = () => lastRowOf(fixture.lab, 'jellyfin');
const lock = () => JSON.parse(readFileSync(join(operator.folder, 'lunward.lock.json'), 'utf8'));

const inOrder = (numbers: readonly number[]) => [...new Set(numbers)].sort((one, other) => one - other);

/** A file on the new volume, as the node that the app runs on sees it. */
const onLun = (file: string) =>
  fixture.lab.node('node-b').run('bash', ['-c', `cat "$(findmnt -rno TARGET -S UUID=${uuid()} | head -n 1)/${file}"`]);
const uuid = () => lock().sealed.jellyfin['jellyfin-config-2'].uuid;

beforeAll(async () => {
  const { nas } = fixture.lab;
  operator = await Operator.of(fixture.lab, description());
  await nas.exportNfs({ path: PATH, rootSquash: false });
  await nas.write(`${PATH}/.hidden file`, 'kept\n');
  await nas.write(`${PATH}/database.xml`, SETTINGS);
  lun = await nas.createLun({ iqn: IQN, lun: 1, size: '128Mi' });
  await runJellyfin(fixture.lab);
}, 1_200_000);
afterAll(() => operator?.remove());

describe('an app that somebody runs', () => {
  it('is moved, with all that it wrote, and told so', async () => {
    const instances = instancesOfApps(fixture.lab);
    const { stdout: planned } = await lunward('plan', 'jellyfin');
    const { code, stdout, stderr } = await lunward('migrate', 'jellyfin', '--approve', digestIn(planned));
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin runs on its new volume.');
    expect(stdout).toMatch(/down for \d+\.\d s: stop .*, copy and verify .*, release .*, switch .*, start /);
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    const now = lastRow();
    await until('further rows', 60, async () => lastRow() > now + 3);
    expect(instancesOfApps(fixture.lab)).toEqual(instances);
    expect(rows()).toEqual(inOrder(rows()));
    await expectNothingLeftOn(fixture.lab.node('node-a'));
    expect((await fixture.lab.nas.sessions()).map(({ iqn }) => iqn)).toEqual([IQN]);
    const [report] = stdout.match(/(?<=This report is in ).*/) ?? [];
    expect(readFileSync(report ?? '', 'utf8')).toContain('jellyfin runs on its new volume.');
  }, 600_000);

  it('has everything on the new volume, and the old one is as it was but for nothing', async () => {
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

  it('is written down in lock, journal and cluster', async () => {
    expect(lock()).toEqual({
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

  it('has nothing more to be done', async () => {
    const { code, stdout } = await lunward('migrate', 'jellyfin');
    expect([code, stdout]).toEqual([0, expect.stringContaining('the newest that is described: nothing is to be done')]);
  });

  it('stays where it is when its old manifests are applied, which is refused', async () => {
    const pods = await podsOfApps(fixture.lab);
    await expect(runJellyfin(fixture.lab)).rejects.toThrow(
      /moved by lunward from jellyfin-config to jellyfin-config-2/,
    );
    expect(await podsOfApps(fixture.lab)).toBe(pods);
  });
});

describe('an app that was moved', () => {
  it('is taken back only by an approval of that, and loses nothing of what the old volume had', async () => {
    const unasked = await lunward('rollback', 'jellyfin');
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('--approve') });
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    const before = await fixture.lab.nas.run('bash', ['-c', `cd ${PATH}; find . -type f -exec sha256sum {} + | sort`]);
    const { code, stdout, stderr } = await lunward('rollback', 'jellyfin', '--approve', digestIn(unasked.stdout));
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(before).toContain('.hidden file');
    expect(stdout).toContain(
      'jellyfin runs on jellyfin-config again; what it wrote since is kept on jellyfin-config-2',
    );
    expect(await claimOfPods()).toBe('jellyfin-config');
    expect(lock().live).toEqual({ jellyfin: { '/config': 'jellyfin-config' } });
    expect(await fixture.lab.nas.sessions()).toEqual([]);
    expect(existsSync(join(operator.folder, 'lunward-reports'))).toBe(true);
    const told = rows().length;
    await until('further rows', 120, () => rows().length > told + 3);
  }, 600_000);

  it('goes on again where it was taken back from, with what it left there', async () => {
    const left = await fixture.lab.nas.hashLun(lun);
    const told = rows().length;
    const unasked = await lunward('rollback', 'jellyfin');
    expect(unasked.stdout).toContain('goes on again to claim jellyfin-config-2');
    expect(await fixture.lab.nas.hashLun(lun)).toBe(left);
    const { code, stdout, stderr } = await lunward('rollback', 'jellyfin', '--approve', digestIn(unasked.stdout));
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(stdout).toContain('jellyfin runs on jellyfin-config-2 again, as it left it there');
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    expect(lock().sealed.jellyfin['jellyfin-config-2']).toMatchObject({ attempt: 2 });
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
    await expect(runJellyfin(fixture.lab)).rejects.toThrow(/jellyfin-config was retired: these manifests are old/);
    expect((await lunward('rollback', 'jellyfin')).stdout).toContain(
      'jellyfin-config was retired, and nothing leads back',
    );
  });
});

describe('an app that was moved does not start', () => {
  let other: Lun;
  const status = (path: string) => kubectl('get', 'pods', '-o', `jsonpath={.items[*].status.${path}}`);
  const onOther = (script: string) => onDevice(fixture.lab.node('node-a'), other, script);

  async function scaledTo(replicas: 0 | 1): Promise<void> {
    await kubectl('scale', 'deployment', 'jellyfin', `--replicas=${replicas}`);
    if (replicas === 1) return;
    await until('no pod', 120, async () => (await kubectl('get', 'pods', '-o', 'name')) === '');
    // A kubelet that could not mount a LUN stays logged in to it.
    await fixture.lab.node('node-b').tryRun('iscsiadm', ['-m', 'node', '-T', IQN, '--logout']);
    await until('no session', 120, async () => (await fixture.lab.nas.sessions()).length === 0);
  }

  /** Lets it try on another LUN, until that has failed. */
  async function triesOnOther(hasFailed: () => Promise<boolean>): Promise<void> {
    await scaledTo(0);
    const told = rows().length;
    const fault = await fixture.lab.nas.mapWrongLun(lun, other);
    await scaledTo(1);
    await until('a start that failed', 240, hasFailed);
    expect(await status('containerStatuses[*].state.running')).toBe('');
    expect(rows()).toHaveLength(told);
    await scaledTo(0);
    await fault.undo();
  }

  const isNotMounted = async () =>
    (await kubectl('get', 'events', '-o', 'jsonpath={.items[*].message}')).includes('executable file not found');
  const isGuarded = async () => /[1-9]/.test(await status('initContainerStatuses[0].state.terminated.exitCode'));
  const message = async () => (await kubectl('logs', 'deployment/jellyfin', '--container', 'lunward-guard')).trim();

  beforeAll(async () => {
    other = await fixture.lab.nas.createLun({ iqn: `${IQN}-other`, lun: 1, size: '128Mi' });
  });

  it.each([
    ['blank', 'true'],
    ['not readable as a file system', 'dd if=/dev/urandom of="$1" bs=1M count=8 oflag=direct status=none'],
  ])(
    'on a LUN that is %s: nothing is written to it',
    async (_, fill) => {
      await onOther(fill);
      await kubectl('delete', 'events', '--all');
      const before = await fixture.lab.nas.hashLun(other);
      await triesOnOther(isNotMounted);
      expect(await fixture.lab.nas.hashLun(other)).toBe(before);
    },
    600_000,
  );

  const SEALED_BEFORE =
    'mkdir /mnt/.lunward; printf "state=sealed\\nattempt=1\\nvolume=jellyfin-config-2\\nuuid=%s\\n" "$uuid" >/mnt/.lunward/marker';
  it.each([
    ['was emptied', 'true', /it has no marker of lunward, so it is empty or another one/],
    ['was sealed as an attempt that was given up', SEALED_BEFORE, /attempt "1".*/],
  ])(
    'on a volume that %s: the guard ends it, and says so',
    async (_, fill, says) => {
      const make = `mkfs.ext4 -q -F -U ${uuid()} "$1"; uuid=${uuid()}; mount "$1" /mnt; ${fill}; umount /mnt`;
      await onOther(make);
      const found = () =>
        onOther(
          'mount -o ro "$1" /mnt; cd /mnt; find . | sort; cat .lunward/marker 2>/dev/null || true; cd /; umount /mnt',
        );
      const before = await found();
      let said = '';
      await triesOnOther(async () => {
        if (!(await isGuarded())) return false;
        said = await message();
        return true;
      });
      expect(said).toMatch(/^lunward keeps the app from this volume: /);
      expect(said).toMatch(says);
      expect(await found()).toBe(before);
    },
    600_000,
  );

  it('and goes on where its own volume is back', async () => {
    const told = rows().length;
    await scaledTo(1);
    await until('further rows', 240, () => rows().length > told + 3);
  }, 600_000);
});
