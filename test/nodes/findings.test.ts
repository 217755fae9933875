import { describe, expect, it } from 'vitest';
import type { AdviceCode } from '../../lib/core/advice-codes';
import { findingsOf } from '../../lib/nodes/findings';
import { neededPrograms } from '../../lib/nodes/systems';
import type { NodeFacts } from '../../lib/scripts/node/node-facts';
import { well } from './facts';

const iqn = 'iqn.2000-01.com.example:jellyfin';
const disk = { name: 'sda', lun: 1, state: 'running', mountpoints: ['/config'], holders: [] };
const session = { iqn, state: 'LOGGED_IN', disks: [disk] };
const without = (...programs: string[]) => neededPrograms.filter((program) => !programs.includes(program));

describe('a node', () => {
  it('without observations has no findings', () => {
    expect(findingsOf({ 'node-a': { ...well, sessions: [session] } })).toEqual([]);
  });

  it.each<[string, Partial<NodeFacts>, string, string, AdviceCode]>([
    [
      'Debian without an initiator',
      { programs: without('iscsiadm', 'mount.nfs') },
      'lacks iscsiadm, mount.nfs',
      'apt-get install --yes --no-install-recommends open-iscsi nfs-common',
      'program-missing',
    ],
    ['RHEL 8', { systemd: 239 }, 'runs systemd 239', 'update the system of the node', 'systemd-too-old'],
    ['a system with OpenRC', { systemd: 0 }, 'runs no systemd', 'or copy on another node', 'systemd-too-old'],
    [
      'one that does not pass on mounts',
      { privateMounts: ['/var/lib/kubelet'] },
      'has /var/lib/kubelet mounted with propagation "private"',
      'mount --make-rshared /var/lib/kubelet',
      'mounts-private',
    ],
    [
      'a kin of RHEL',
      { systemId: 'rocky', systemLike: 'rhel centos fedora', programs: without('iscsiadm', 'sqlite3') },
      'lacks iscsiadm, sqlite3',
      'dnf install --assumeyes iscsi-initiator-utils sqlite',
      'program-missing',
    ],
    [
      'openSUSE',
      { systemId: 'opensuse-leap', systemLike: 'suse opensuse', programs: without('mount.nfs') },
      'lacks mount.nfs',
      'zypper --non-interactive install --no-recommends nfs-client',
      'program-missing',
    ],
    [
      'openSUSE MicroOS',
      { systemId: 'opensuse-microos', management: 'transactional', programs: without('rsync') },
      'lacks rsync',
      'transactional-update pkg install rsync, and reboot the node',
      'program-missing',
    ],
    [
      'Fedora CoreOS',
      { systemId: 'fedora', management: 'ostree', programs: without('rsync') },
      'lacks rsync',
      'rpm-ostree install rsync, and reboot the node',
      'program-missing',
    ],
    [
      'NixOS',
      { systemId: 'nixos', management: 'nixos', programs: without('rsync') },
      'lacks rsync',
      'declare it: services.openiscsi',
      'program-missing',
    ],
    [
      'a system that is not known',
      { systemId: 'void', systemName: 'Void', programs: without('rsync') },
      'lacks rsync',
      'install what holds them on Void',
      'program-missing',
    ],
    ['no initiator name', { initiatorName: '' }, 'has no initiator name', 'iscsi-iname', 'no-initiator-name'],
    [
      'no initiator',
      { iscsidSocket: 'inactive' },
      'runs no iSCSI initiator',
      'systemctl enable --now iscsid.socket',
      'no-initiator',
    ],
    [
      'a record',
      { automaticRecords: [iqn, iqn] },
      `logs in to ${iqn} by itself`,
      'node.startup -v manual',
      'automatic-login',
    ],
    ['multipathd', { multipathd: 'active' }, 'runs multipathd', 'find_multipaths', 'multipath-claims'],
    [
      'a lost session',
      { sessions: [{ ...session, state: 'FAILED' }] },
      'has lost its connection',
      'NAS is up',
      'session-lost',
    ],
    [
      'a disk that answers no more',
      { sessions: [{ ...session, disks: [{ ...disk, state: 'transport-offline' }] }] },
      'sda (transport-offline)',
      'stop the pods',
      'disk-offline',
    ],
    [
      'a session that was never ended',
      { sessions: [{ ...session, disks: [{ ...disk, mountpoints: [] }] }] },
      `is logged in to ${iqn} and uses nothing of it`,
      `iscsiadm -m node -T ${iqn} --logout`,
      'session-unused',
    ],
    [
      'a server that is gone',
      { hangingMounts: ['/media'] },
      'waits for the server of /media',
      'hangs until then',
      'server-silent',
    ],
    [
      'a mount that its server forgot',
      { staleMounts: [{ target: '/media', problem: 'Stale file handle' }] },
      'has /media mounted from a server that does not know it any more: Stale file handle',
      'mounted again',
      'mount-stale',
    ],
  ])('with %s is told', (_, facts, text, remedy, code) => {
    const findings = findingsOf({ 'node-a': { ...well, ...facts } });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      code,
      affects: { node: 'node-a' },
      found: expect.stringContaining(text),
      remedy: expect.stringContaining(remedy),
    });
  });

  it('whose disk another device holds is not idle', () => {
    const held = { ...disk, mountpoints: [], holders: ['dm-0'] };
    expect(findingsOf({ 'node-a': { ...well, sessions: [{ ...session, disks: [held] }] } })).toEqual([]);
  });
});

it('cloned nodes are reported, each with the first', () => {
  const other = { ...well, initiatorName: 'iqn.2000-01.com.example:other', machineId: '4567' };
  const found = findingsOf({ 'node-a': well, 'node-b': other, 'node-c': { ...well, machineId: '89' } });
  expect(found.map(({ affects, found: text }) => `${affects.node} ${text}`)).toEqual([
    'node-c has the initiator name of node-a: iqn.2000-01.com.example:node-a',
  ]);
  expect(findingsOf({ 'node-a': well, 'node-b': { ...other, machineId: well.machineId } })).toHaveLength(1);
  const shouted = { ...other, initiatorName: well.initiatorName.replace('example', 'EXAMPLE') };
  expect(findingsOf({ 'node-a': well, 'node-b': shouted })).toHaveLength(1);
  expect(
    findingsOf({ 'node-a': { ...well, initiatorName: '' }, 'node-b': { ...other, initiatorName: '' } }),
  ).toHaveLength(2);
});
