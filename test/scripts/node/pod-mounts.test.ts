import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

const POD = '11111111-1111-4111-8111-111111111111';
const volumes = `/var/lib/kubelet/pods/${POD}/volumes`;
const TABLE = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:50 / ${volumes}/kubernetes.io~nfs/config rw,relatime shared:7 master:2 - nfs4 nas.example.com:/volume2/a\\040b rw,vers=4.2
32 22 8:16 / ${volumes}/kubernetes.io~iscsi/config-2 rw shared:8 - ext4 /dev/sdb rw
33 22 0:51 / ${volumes}/kubernetes.io~csi/media/mount rw - nfs4 192.0.2.200:/media rw
34 22 0:52 / /var/lib/kubelet/pods/${POD}/volume-subpaths/config/app/0 rw - nfs4 nas.example.com:/volume2/a\\040b/sub rw
35 22 0:53 / ${volumes.replace(/1111/, '2222')}/kubernetes.io~nfs/config rw - nfs4 nas.example.com:/other rw
`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-pod-mounts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

it('mounts of a pod are found in every mount namespace, each once, without those of other pods', () => {
  write('1/mountinfo', TABLE.replace(/^33.*\n/m, ''));
  write('7/mountinfo', TABLE);
  expect(runLibraries(['pod-mounts'], [`pod_mounts ${folder} ${POD}`])).toBe(
    [
      'kubernetes.io~csi media nfs4 192.0.2.200:/media',
      'kubernetes.io~iscsi config-2 ext4 /dev/sdb',
      'kubernetes.io~nfs config nfs4 nas.example.com:/volume2/a\\040b',
      '',
    ].join('\n'),
  );
});

it('a pod without mounts has none', () => {
  write('1/mountinfo', '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n');
  expect(runLibraries(['pod-mounts'], [`pod_mounts ${folder} ${POD}`])).toBe('');
});

/** A disk of a session, as /sys has it. */
function disk(name: string, session: number, lun: number, address: string): void {
  const device = `devices/platform/host2/session${session}/target2:0:0/2:0:0:${lun}/block/${name}`;
  mkdirSync(join(folder, device), { recursive: true });
  mkdirSync(join(folder, 'class/block'), { recursive: true });
  symlinkSync(join(folder, device), join(folder, 'class/block', name));
  write(`class/iscsi_session/session${session}/targetname`, 'iqn.2000-01.com.example:config\n');
  write(`class/iscsi_connection/connection${session}:0/persistent_address`, `${address}\n`);
  write(`class/iscsi_connection/connection${session}:0/persistent_port`, '3260\n');
}

it('a disk is identified by target, LUN and portal, even if a device is built on it', () => {
  disk('sdb', 1, 3, '192.0.2.200');
  disk('sdc', 12, 3, '2001:db8::200');
  for (const slave of ['sdb', 'sdc']) write(`class/block/dm-0/slaves/${slave}`, '');
  const asked = (device: string) => runLibraries(['pod-mounts'], [`iscsi_disks ${folder} ${device}`]);
  expect(asked('/dev/sdb')).toBe('iqn.2000-01.com.example:config 3 192.0.2.200:3260\n');
  expect(asked('/dev/dm-0')).toBe(
    'iqn.2000-01.com.example:config 3 192.0.2.200:3260\niqn.2000-01.com.example:config 3 [2001:db8::200]:3260\n',
  );
  expect(asked('/dev/nvme0n1')).toBe('');
});
