import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { jellyfin } from '../../../lib/catalog';
import { patchSetting } from '../../../lib/migration/settings/patch-setting';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { finalCopy } from '../../../lib/scripts/copy/final-copy';
import { hashTrees } from '../../../lib/scripts/copy/hash-trees';
import { verifyVolume } from '../../../lib/scripts/copy/verify-volume';
import { warmCopy } from '../../../lib/scripts/copy/warm-copy';
import { formatLun } from '../../../lib/scripts/lun/format-lun';
import { sha256 } from '../../../test/scripts/hashed-trees';
import type { Lun } from '../../nas/nas';
import { MediaApps } from '../apps/media-app-process';
import { type BuildingVolume, BuildingVolumes, MOUNTED } from './building-volumes';
import { useLab, useSsh } from './fixture';
import { iqnOf, onDevice, PORTAL } from './log-in';
import { flipOnLun, placeOnLun, placesOnLun } from './lun-bytes';
import { expectNothingLeftOn } from './nothing-left';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const apps = new MediaApps();
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const volumes = new BuildingVolumes(fixture, node);

const FOLDER = '/volume2/kube-nfs/v/jellyfin-config';
/** This text is on each LUN once. */
const MARK = 'The name of a film that somebody has watched';
const SETTINGS = `<?xml version="1.0" encoding="utf-8"?>
<DatabaseConfigurationOptions>
  <DatabaseType>Jellyfin-SQLite</DatabaseType>
  <LockingBehavior>Optimistic</LockingBehavior>
</DatabaseConfigurationOptions>
`;
const [PATCH] = jellyfin.facts.patches ?? [];
if (!PATCH) throw new Error('the catalog changes nothing of Jellyfin');

const onNode = (command: string) => fixture.lab.node('node-a').run('bash', ['-ec', command]);
const ours = { server: PORTAL, path: FOLDER };
let taken: Lun;
let copied: BuildingVolume;

/** The content of the old volume, file by file. */
const SUMS = 'find . -type f ! -path "./.lunward/*" -exec sha256sum {} + | sort --key 2';

beforeAll(async () => {
  const { lab } = fixture;
  await lab.nas.exportNfs({ path: FOLDER, rootSquash: false });
  await lab.nas.script('nas/files.sh', [FOLDER, '1', '20M', '60'], { timeoutSeconds: 300 });
  await lab.nas.write(`${FOLDER}/.credentials`, 'kept at the top\n');
  await lab.nas.write(`${FOLDER}/data/watched`, `${MARK}\n`);
  await lab.nas.write(`${FOLDER}/${PATCH.path}`, SETTINGS);
  // Half a MiB more than the other files, so that a few blocks more or less do not change the size that `du -h` rounds
  // up: as with any larger folder.
  await lab.nas.run('truncate', ['--size', '500K', `${FOLDER}/data/metadata`]);
  await lab.nas.run('dd', ['if=/dev/urandom', `of=${FOLDER}/data/metadata`, 'bs=1K', 'count=500', 'conv=notrunc']);
  taken = await lab.nas.createLun({ iqn: iqnOf('taken'), lun: 1, size: '64Mi' });
  await onDevice(lab.node('node-b'), taken, 'mkfs.ext4 -q "$1"; mount "$1" /mnt; echo years >/mnt/photos; umount /mnt');
  // Files changed within two seconds before the last change are not trusted.
  await sleep(3000);
  await lab.nas.write(`${FOLDER}/last`, '');
}, 1_200_000);

describe('a LUN that holds other data', () => {
  it('is declined by Lunward, and unchanged', async () => {
    const { target, attempt } = await volumes.find('taken');
    const before = await fixture.lab.nas.hashLun(taken);
    expect(await node.run(formatLun(target, attempt, 'ext4'))).toMatchObject({
      result: 'declined',
      code: 'not-blank',
      reason: expect.stringContaining('ext4'),
    });
    expect(await fixture.lab.nas.hashLun(taken)).toBe(before);
    const held = await onDevice(fixture.lab.node('node-b'), taken, 'mount "$1" /mnt; cat /mnt/photos; umount /mnt');
    expect(held).toBe('years\n');
  }, 300_000);
});

describe('by hand', () => {
  const byHand = (part: string) =>
    fixture.lab.node('node-a').script('by-hand/move.sh', [part, PORTAL, FOLDER, taken.iqn], { timeoutSeconds: 300 });

  it('the same LUN is formatted without a question', async () => {
    const said = await byHand('copy');
    expect(said).toContain('Writing superblocks and filesystem accounting information');
    expect(said).not.toContain('Proceed anyway?');
    expect(await onNode('ls -A /mnt/jellyfin-iscsi')).not.toContain('photos');
  }, 300_000);

  it('a top-level file whose name begins with a dot is lost, and du does not show it', async () => {
    expect(await onNode('ls -A /mnt/jellyfin-nfs')).toContain('.credentials\n');
    expect(await onNode('ls -A /mnt/jellyfin-iscsi')).not.toContain('.credentials');
    const sizes = (await byHand('compare')).trim().split('\n');
    expect(sizes.map((line) => line.split('\t')[1])).toEqual(['/mnt/jellyfin-nfs', '/mnt/jellyfin-iscsi']);
    expect(new Set(sizes.map((line) => line.split('\t')[0])).size, sizes.join(', ')).toBe(1);
  }, 300_000);

  it('a byte that is wrong on the disk is not found by du', async () => {
    await onNode('sync');
    await flipOnLun(fixture.lab, taken, await placeOnLun(fixture.lab, taken, MARK));
    await onNode('echo 3 >/proc/sys/vm/drop_caches');
    expect(await onNode('cat /mnt/jellyfin-nfs/data/watched')).toBe(`${MARK}\n`);
    expect(await onNode('cat /mnt/jellyfin-iscsi/data/watched')).toBe(`#${MARK.slice(1)}\n`);
    const [one, other] = (await byHand('compare')).trim().split('\n');
    expect(one?.split('\t')[0]).toBe(other?.split('\t')[0]);
  }, 300_000);

  it('Jellyfin gets a setting that it does not know, and the node keeps its record of the target', async () => {
    expect(await byHand('patch')).toBe(`/mnt/jellyfin-iscsi/${PATCH.path}\n`);
    const settings = await onNode(`cat /mnt/jellyfin-iscsi/${PATCH.path}`);
    expect(settings).toContain('<LockingBehavior>Default</LockingBehavior>');
    expect(patchSetting(settings, PATCH)).toEqual({
      problem: 'says LockingBehavior "Default", expected NoLock or Pessimistic or Optimistic',
    });
    writeFileSync(join(apps.config, PATCH.path), settings);
    const app = await apps.start({ APP_NAME: 'jellyfin', APP_SETTINGS: PATCH.path });
    await app.whenLogged(/\[ERR\] Error loading configuration file: .*'Default' is not a valid value/s);
    await byHand('end');
    expect(await onNode('iscsiadm -m node')).toContain(taken.iqn);
    await onNode('iscsiadm -m node --op delete; rmdir /mnt/jellyfin-*');
  }, 300_000);
});

describe('with Lunward', () => {
  const copyOf = (volume: BuildingVolume) => ({ ...volume, source: ours });

  it('a wrong byte on the disk is found when the copy is read, and corrected', async () => {
    copied = await volumes.make('copied', '64Mi');
    await volumes.facts(warmCopy(copyOf(copied)));
    const lun = { ...copied.target, name: 'copied-1' };
    await flipOnLun(fixture.lab, lun, await placeOnLun(fixture.lab, lun, MARK));
    expect(await volumes.facts(hashTrees(copyOf(copied)))).toMatchObject({
      differing: { count: 1, names: ['data/watched'] },
    });
  }, 600_000);

  it('every file is there, with a setting that Jellyfin knows', async () => {
    const patched = patchSetting(SETTINGS, PATCH);
    if (patched.problem !== undefined) throw new Error(patched.problem);
    const patch = { path: PATCH.path, sha256: sha256(SETTINGS), text: patched.text };
    const { files } = await volumes.facts(finalCopy({ ...copyOf(copied), patches: [patch] }));
    const before = await fixture.lab.nas.run('bash', ['-ec', `cd /pool${FOLDER}; ${SUMS}`]);
    expect(before).toContain('  ./.credentials\n');
    expect(before.trim().split('\n')).toHaveLength(files);
    await volumes.mounted(copied, 'ro', async (machine) => {
      const after = await machine.run('bash', ['-ec', `cd ${MOUNTED}; ${SUMS}`]);
      expect(after).toBe(before.replace(sha256(SETTINGS), sha256(patched.text)));
      const settings = await machine.run('cat', [`${MOUNTED}/${PATCH.path}`]);
      expect(settings).toBe(SETTINGS.replace('Optimistic', 'NoLock'));
    });
    await expectNothingLeftOn(fixture.lab.node('node-a'));
  }, 600_000);

  it('a byte that changes later is found by verify', async () => {
    const { target: lun, attempt } = copied;
    const named = { ...lun, name: 'copied-1' };
    // Blocks of the file from before the repair may hold the same bytes.
    for (const place of await placesOnLun(fixture.lab, named, MARK)) await flipOnLun(fixture.lab, named, place);
    const verify = verifyVolume({ target: lun, attempt, isUsed: false, readsFiles: true });
    expect(await volumes.facts(verify)).toMatchObject({ damaged: { files: { count: 1, names: ['data/watched'] } } });
  }, 300_000);
});
