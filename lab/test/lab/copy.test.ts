import { beforeAll, describe, expect, it } from 'vitest';
import { healthOf } from '../../../lib/migration/survey/database-health';
import type { Progress } from '../../../lib/nodes/runner';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { SshUnit } from '../../../lib/nodes/ssh/ssh-unit';
import { hashTrees } from '../../../lib/scripts/copy/hash-trees';
import { probeSource } from '../../../lib/scripts/copy/probe-source';
import { warmCopy } from '../../../lib/scripts/copy/warm-copy';
import { unitName } from '../../../lib/scripts/unit/unit';
import type { LabMachine } from '../../machine';
import { until } from '../until';
import { type BuildingVolume, BuildingVolumes, MOUNTED, UUID } from './building-volumes';
import { PORTAL, useLab, useSsh } from './fixture';
import { expectNothingLeftOn } from './nothing-left';
import { whenCopied } from './when-copied';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const volumes = new BuildingVolumes(fixture, node);
const AWFUL = '/volume2/awful';
/** The folder that the app writes to all the time; everything else stays as it is. */
const LIVE = 'live';
/** The most files that the app has there. */
const LIVE_FILES = 6;

const scan = (machine: LabMachine, what: string, folder: string) =>
  machine.script('machines/scan-tree.sh', [what, folder, LIVE], { timeoutSeconds: 300 });
const source = (version: string) => ({ server: PORTAL, path: AWFUL, mountOptions: [`nfsvers=${version}`, 'hard'] });

const unitOf = (volume: BuildingVolume, version: string) =>
  new SshUnit(
    node,
    unitName('copy', volume.attempt),
    warmCopy({ ...volume, source: source(version), little: 1024 ** 2, mostPasses: 3 }),
  );

const expectNothingLeft = () => expectNothingLeftOn(fixture.lab.node('node-a'));

/** Compares what is on a volume with what is on the NAS. */
async function expectCopied(volume: BuildingVolume, kinds: readonly string[]): Promise<void> {
  await volumes.mounted(volume, 'ro', async (machine) => {
    for (const kind of kinds) {
      expect(await scan(machine, kind, MOUNTED), kind).toBe(await scan(fixture.lab.nas, kind, AWFUL));
    }
    // This lost+found belongs to the file system, not to the source.
    expect(await machine.run('ls', ['-A', `${MOUNTED}/lost+found`])).toBe('');
    expect(await machine.run('cat', [`${MOUNTED}/.lunward/marker`])).toContain('state=building');
  });
}

/** Hashes both sides, as a unit. */
async function hashed(volume: BuildingVolume) {
  const script = hashTrees({ ...volume, source: source('4.2') });
  const unit = new SshUnit(node, unitName('hash', volume.attempt), script);
  const told: Progress[] = [];
  await unit.start();
  const report = await unit.reattach({ onProgress: (progress) => told.push(progress) });
  return { told, report };
}

beforeAll(async () => {
  const { lab } = fixture;
  await lab.nas.exportNfs({ path: AWFUL, rootSquash: false });
  await lab.nas.script('nas/awful-tree.sh', [AWFUL, '20', '120'], { timeoutSeconds: 300 });
  const app = lab.node('node-b');
  await app.run('mkdir', ['-p', '/mnt/app']);
  await app.run('mount', ['-t', 'nfs', '-o', 'nfsvers=4.2', `${PORTAL}:${AWFUL}`, '/mnt/app']);
  await app.run('mkdir', [`/mnt/app/${LIVE}`]);
  const writing = `cd /mnt/app/${LIVE}; sqlite3 db 'PRAGMA journal_mode=WAL; CREATE TABLE t (v)';
    for ((n = 0; ; n++)); do sqlite3 db 'INSERT INTO t VALUES (randomblob(9000))'; echo $n >log; touch gone; rm gone; sleep 0.2; done`;
  await app.run('systemd-run', ['--unit=app', '--service-type=exec', 'bash', '-c', writing]);
  // The log is written after the first row: then the server has a database with a header.
  await until(
    'the first row of the app',
    120,
    async () => (await lab.nas.tryRun('test', ['-s', `/pool${AWFUL}/${LIVE}/log`])).code === 0,
  );
});

describe('a source', () => {
  it('is reported correctly, and not changed', async () => {
    const before = await scan(fixture.lab.nas, 'entries', AWFUL);
    const found = await volumes.facts(probeSource(source('4.2')));
    expect(found).toMatchObject({
      version: '4.2',
      xattrs: true,
      posixAcls: false,
      sockets: 1,
      fifos: 1,
      linkSets: 1,
      linkSetsLeavingTree: 0,
      sparseFiles: 1,
      sample: { bytes: 0 },
      unreadable: { count: 0 },
      notUtf8: { names: expect.arrayContaining(['caf\ufffd']) },
      top: { uid: 1000, gid: 1000, mode: '755' },
    });
    expect(found.databases).toContainEqual(expect.objectContaining({ path: `${LIVE}/db`, wal: true }));
    expect(await volumes.facts(probeSource(source('3')))).toMatchObject({
      version: '3',
      xattrs: false,
      posixAcls: true,
    });
    expect(await scan(fixture.lab.nas, 'entries', AWFUL)).toBe(before);
    await expectNothingLeft();
  });

  it('that root can’t read completely is reported by name', async () => {
    const { nas } = fixture.lab;
    await nas.exportNfs({ path: '/volume2/squashed' });
    await nas.write('/volume2/squashed/secret', 'x', '600');
    await nas.write('/volume2/squashed/open', 'x', '644');
    const found = await volumes.facts(probeSource({ server: PORTAL, path: '/volume2/squashed' }));
    expect(found.unreadable).toEqual({ count: 1, names: ['secret'] });
  });

  it('has all its databases checked, without a write', async () => {
    const path = '/volume2/databases';
    const { nas } = fixture.lab;
    const machine = fixture.lab.node('node-a');
    await nas.exportNfs({ path, rootSquash: false });
    await nas.script('nas/databases.sh', [path]);
    const hash = () => nas.run('bash', ['-ec', `cd /pool${path}; sha256sum -- *`]);
    const before = await hash();
    expect(before).toContain('-log.db-wal');
    const { databases } = await volumes.facts(probeSource({ server: PORTAL, path }, { checksDatabases: true }));
    expect(Object.fromEntries(databases.map((database) => [database.path, healthOf(database)]))).toEqual({
      'it\'s "whole"': 'whole',
      '-log.db': 'whole',
      'damaged.db': 'damaged',
      'cut.db': 'damaged',
    });
    expect(await hash()).toBe(before);
    await expectNothingLeft();
    expect(await machine.run('losetup', ['--all'])).toBe('');
    expect(await machine.run('find', ['/var/tmp', '-name', 'lunward*'])).toBe('');
  });

  it('whose server is gone, or lacks the folder, is declined in time', async () => {
    expect(await node.run(probeSource({ server: PORTAL, path: '/volume2/none' }))).toMatchObject({
      result: 'declined',
      code: 'not-mountable',
      reason: expect.stringContaining('192.0.2.200:/volume2/none'),
    });
    const begun = Date.now();
    expect(await node.run(probeSource({ server: '192.0.2.99', path: '/volume2/none' }))).toMatchObject({
      result: 'declined',
    });
    expect(Date.now() - begun).toBeLessThan(120_000);
  });
});

describe('a warm copy', () => {
  it('holds everything, from NFS 4.2, even after it was killed', async () => {
    const machine = fixture.lab.node('node-a');
    const volume = await volumes.make('copied', '96Mi');
    const before = await scan(fixture.lab.nas, 'entries', AWFUL);
    const unit = unitOf(volume, '4.2');
    // Progress is written only every 4 s. The copy must still be running when it is killed.
    const slow = await fixture.lab.impairLink('node-a', { delayMilliseconds: 50 });
    await unit.start();
    // A second start finds the unit running.
    await unit.start();
    expect(await machine.run('stat', ['--format', '%a', `/run/lunward/${unit.name}/script`])).toBe('600\n');
    await whenCopied(machine, unit.name, 60);
    await machine.run('systemctl', ['kill', '--kill-whom=all', '--signal=SIGKILL', `${unit.name}.service`]);
    await slow.undo();
    const message = expect.stringContaining('(signal KILL)');
    await expect(unit.reattach()).rejects.toMatchObject({ code: 'unit-lost', message });

    const told: Progress[] = [];
    await unit.start();
    const report = await unit.reattach({ onProgress: (progress) => told.push(progress) });
    expect(report, JSON.stringify(report)).toMatchObject({
      result: 'changed',
      facts: { version: '4.2', xattrs: true, nfs4Acls: true },
    });
    expect(told.length).toBeGreaterThan(0);
    await expectNothingLeft();
    expect(await scan(fixture.lab.nas, 'entries', AWFUL)).toBe(before);
    await expectCopied(volume, ['entries', 'contents', 'xattrs']);
  }, 1_800_000);

  it('follows what was removed and changed, and from NFS 3 holds ACLs', async () => {
    const volume = await volumes.find('copied');
    const { nas } = fixture.lab;
    // Less than half of all files: a source that lost more is taken for an unmounted one.
    await nas.run('bash', ['-ec', `cd ${AWFUL}; rm -- linked many/file-00[0-4]?`]);
    await nas.run('ln', ['-f', `${AWFUL}/owned`, `${AWFUL}/linked again`]);
    // Its time is before 1970, which NFS 3 can't represent.
    await nas.run('touch', ['--date=2001-02-03 04:05:06.789', `${AWFUL}/owned`]);
    const unit = unitOf(volume, '3');
    await unit.start();
    expect(await unit.reattach()).toMatchObject({ result: 'changed', facts: { version: '3', posixAcls: true } });
    await expectNothingLeft();
    await expectCopied(volume, ['entries', 'contents', 'acls']);
  }, 900_000);

  it('is hashed from its disk, each side once', async () => {
    const volume = await volumes.find('copied');
    const { bytes, files } = await volumes.facts(probeSource(source('4.2')));
    const used = await volumes.usedBytes(volume);
    const before = await scan(fixture.lab.nas, 'entries', AWFUL);
    const { told, report } = await hashed(volume);
    if (report.result === 'declined') throw new Error(report.reason);
    const { trusted, same, missing, outdated, untrusted, differing, bytesRead } = report.facts;
    expect(differing).toEqual({ count: 0, names: [] });
    // Only what the app writes has changed since, or is changing.
    expect(trusted - same).toBeLessThanOrEqual(LIVE_FILES);
    expect(same + missing + outdated).toBe(trusted);
    // If the NAS's clock is ahead, the app's writes do not show how late it is there.
    expect(untrusted).toBeLessThanOrEqual(2 * LIVE_FILES);
    expect(trusted).toBeGreaterThan(files - 3 * LIVE_FILES);
    expect(bytesRead.source).toBeLessThan(bytes * 1.05);
    expect(bytesRead.target).toBeLessThan(used * 1.05);
    // The size of `large`: it came from the disk, and nothing was cached.
    expect(bytesRead.target).toBeGreaterThan(20 * 1024 ** 2);
    expect(told.at(-1)?.totalBytes).toBeGreaterThan(bytes);
    await expectNothingLeft();
    expect(await scan(fixture.lab.nas, 'entries', AWFUL)).toBe(before);
    await volumes.mounted(volume, 'ro', async (machine) => {
      const list = `${MOUNTED}/.lunward/source.hashes`;
      expect(await machine.run('sha256sum', [list])).toContain(report.facts.manifest);
      expect(await machine.run('stat', ['--format', '%a %U', list])).toBe('600 root\n');
      const { stdout } = await machine.tryRun('bash', ['-c', `head --zero-terminated --lines=1 ${list} | tr -d '\\0'`]);
      const boot = await fixture.lab.node('node-a').bootId();
      expect(stdout).toBe(`version=2 attempt=1 volume=copied uuid=${UUID} boot=${boot} clock=${report.facts.clock}`);
    });
  }, 900_000);

  it('is corrected if a byte differs, even with the same size and time', async () => {
    const volume = await volumes.find('copied');
    await volumes.mounted(volume, 'rw', async (machine) => {
      const flip = `cd ${MOUNTED}; touch --reference=large /tmp/time
        byte=$(od --address-radix=n --format=u1 --skip-bytes=12345678 --read-bytes=1 large)
        printf "\\x$(printf %x $((byte ^ 1)))" | dd of=large bs=1 seek=12345678 conv=notrunc status=none
        touch --reference=/tmp/time large`;
      await machine.run('bash', ['-ec', flip]);
    });
    const { report } = await hashed(volume);
    expect(report).toMatchObject({ result: 'changed', facts: { differing: { count: 1, names: ['large'] } } });
    await expectNothingLeft();
    await expectCopied(volume, ['entries', 'contents', 'acls']);
  }, 900_000);

  it('ends when cancelled, and leaves nothing', async () => {
    const unit = unitOf(await volumes.find('copied'), '4.2');
    await unit.start();
    await unit.cancel();
    await expectNothingLeft();
    const message = expect.stringContaining('is not there');
    await expect(unit.reattach()).rejects.toMatchObject({ code: 'unit-lost', message });
  }, 900_000);

  it('declines on a volume of another attempt, and on one that is full', async () => {
    const volume = await volumes.find('copied');
    const other = { ...volume, attempt: { ...volume.attempt, attempt: 2 } };
    const unit = unitOf(other, '4.2');
    await unit.start();
    const declined = { result: 'declined', code: 'other-marker' };
    expect(await unit.reattach()).toMatchObject(declined);
    expect((await hashed(other)).report).toMatchObject(declined);
    const small = unitOf(await volumes.make('small', '16Mi'), '4.2');
    await small.start();
    expect(await small.reattach()).toMatchObject({
      result: 'declined',
      code: 'full',
    });
    await expectNothingLeft();
  }, 900_000);
});
