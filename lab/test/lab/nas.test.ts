import { describe, expect, it } from 'vitest';
import { until } from '../until';
import { logIn, logOut, PORTAL, useLab } from './fixture';

const fixture = useLab();
const target = (name: string) => `iqn.2000-01.com.example:${name}`;

describe('LUNs', () => {
  it('have the requested number, size and data, with several per target', async () => {
    const { nas } = fixture.lab;
    const node = fixture.lab.node('node-a');
    const iqn = target('several');
    const first = await nas.createLun({ iqn, lun: 1, size: '128Mi' });
    await nas.createLun({ iqn, lun: 7, size: '64Mi' });
    const device = await logIn(node, iqn);
    const listed = await node.run('lsblk', ['--scsi', '--noheadings', '--output', 'HCTL,SIZE']);
    // The kernel finds them in any order.
    expect(listed.trim().split('\n').sort()).toEqual([
      expect.stringMatching(/:0:0:1 +128M$/),
      expect.stringMatching(/:0:0:7 +64M$/),
    ]);
    expect(await nas.sessions()).toEqual([{ iqn, initiator: await node.initiatorName() }]);
    const blank = await nas.hashLun(first);
    await node.run('dd', ['if=/dev/urandom', `of=${device}`, 'bs=1M', 'count=1', 'oflag=direct', 'conv=fsync']);
    expect(await nas.hashLun(first)).not.toBe(blank);
    const space = await nas.run('du', ['--block-size=1M', '/pool/@luns/several-1.img']);
    expect(Number(space.split('\t')[0])).toBeLessThan(4);
    await logOut(node, iqn);
    expect(await nas.sessions()).toEqual([]);
  });

  it('grow while they are in use', async () => {
    const { nas } = fixture.lab;
    const node = fixture.lab.node('node-a');
    const iqn = target('growing');
    const lun = await nas.createLun({ iqn, lun: 1, size: '64Mi' });
    const device = await logIn(node, iqn);
    await nas.growLun(lun, '96Mi');
    await node.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', PORTAL, '-R']);
    expect(await node.run('blockdev', ['--getsize64', device])).toBe(`${96 * 1024 * 1024}\n`);
    await logOut(node, iqn);
    await nas.deleteLun(lun);
  });
});

describe('CHAP', () => {
  const iqn = target('chap');
  const chap = { username: 'operator', password: 'a secret of 16' };
  const mutual = { username: 'nas', password: 'another of 16 c' };
  const say = (name: string, value: string) =>
    fixture.lab
      .node('node-a')
      .run('iscsiadm', [
        '-m',
        'node',
        '-T',
        iqn,
        '-p',
        PORTAL,
        '-o',
        'update',
        '-n',
        `node.session.auth.${name}`,
        '-v',
        value,
      ]);
  const logInCode = async () => {
    const node = fixture.lab.node('node-a');
    const { code } = await node.tryRun('iscsiadm', ['-m', 'node', '-T', iqn, '-p', PORTAL, '--login']);
    if (code === 0) await node.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', PORTAL, '--logout']);
    return code;
  };

  it('refuses a wrong password, and accepts the right one', async () => {
    const { nas } = fixture.lab;
    await nas.createLun({ iqn, lun: 1, size: '64Mi' });
    await nas.authenticate(iqn, chap);
    await fixture.lab.node('node-a').run('iscsiadm', ['-m', 'discovery', '-t', 'sendtargets', '-p', PORTAL]);
    // 24: ISCSI_ERR_LOGIN_AUTH_FAILED
    expect(await logInCode()).toBe(24);
    await say('authmethod', 'CHAP');
    await say('username', chap.username);
    await say('password', 'not the secret');
    expect(await logInCode()).toBe(24);
    await say('password', chap.password);
    expect(await logInCode()).toBe(0);
  });

  it('lets the initiator refuse a target that does not prove itself', async () => {
    await fixture.lab.nas.authenticate(iqn, { ...chap, mutual });
    await say('username_in', mutual.username);
    await say('password_in', 'not the secret');
    expect(await logInCode()).not.toBe(0);
    await say('password_in', mutual.password);
    expect(await logInCode()).toBe(0);
    await fixture.lab.nas.authenticate(iqn);
  });
});

describe('a list of initiators', () => {
  it('admits only its initiators, and everyone once it is empty', async () => {
    const { nas } = fixture.lab;
    const [a, b] = [fixture.lab.node('node-a'), fixture.lab.node('node-b')];
    const iqn = target('listed');
    await nas.createLun({ iqn, lun: 1, size: '64Mi' });
    // The target knows this initiator before it is no longer allowed.
    await logIn(a, iqn);
    await logOut(a, iqn);
    await nas.allow(iqn, [await b.initiatorName()]);
    await expect(logIn(a, iqn)).rejects.toThrow('authorization failure');
    const device = await logIn(b, iqn);
    await b.run('dd', ['if=/dev/zero', `of=${device}`, 'bs=1M', 'count=1', 'oflag=direct']);
    await logOut(b, iqn);
    await nas.allow(iqn, []);
    await logIn(a, iqn);
    await logOut(a, iqn);
  });
});

describe('exports', () => {
  const path = '/volume2/kube-nfs/v/jellyfin-config';
  const mountpoint = '/mnt/lab-nfs';

  it.each(['3', '4.2'])('are mounted with NFS %s, with and without root_squash', async (version) => {
    const { nas } = fixture.lab;
    const node = fixture.lab.node('node-a');
    await nas.exportNfs({ path });
    await node.run('mkdir', ['-p', mountpoint]);
    const mount = () => node.run('mount', ['-t', 'nfs', '-o', `vers=${version}`, `${PORTAL}:${path}`, mountpoint]);
    await mount();
    expect(await node.run('findmnt', ['--noheadings', '--output', 'OPTIONS', mountpoint])).toContain(`vers=${version}`);
    expect((await node.tryRun('touch', [`${mountpoint}/by-root`])).stderr).toContain('Permission denied');
    await nas.exportNfs({ path, rootSquash: false });
    await node.run('touch', [`${mountpoint}/by-root`]);
    expect(await nas.run('stat', ['-c', '%u', `${path}/by-root`])).toBe('0\n');
    await nas.exportNfs({ path, readOnly: true });
    expect((await node.tryRun('touch', [`${mountpoint}/another`])).stderr).toContain('Read-only file system');
    await node.run('umount', [mountpoint]);
  });

  it("can't take the place of the NAS's own folders", async () => {
    await expect(fixture.lab.nas.exportNfs({ path: '/etc/media' })).rejects.toThrow(
      "/etc is a folder of the NAS's own system: a path can't begin with it, got '/etc/media'",
    );
  });

  it('are mounted by SMB with the options of real clusters', async () => {
    const { nas } = fixture.lab;
    const node = fixture.lab.node('node-b');
    const password = "it's a pass word";
    await nas.shareSmb({ name: 'media', path: '/volume1/media', username: 'operator', password });
    await node.write('/root/smb', `username=operator\npassword=${password}\n`, '600');
    await node.run('mkdir', ['-p', '/mnt/lab-smb']);
    const options = [
      ...['credentials=/root/smb', 'uid=1000', 'gid=1000', 'dir_mode=0775', 'file_mode=0664', 'noperm', 'mfsymlinks'],
      ...['cache=strict', 'actimeo=60', 'noatime', 'noserverino', 'nobrl'],
    ];
    await node.run('mount', ['-t', 'cifs', '-o', options.join(','), `//${PORTAL}/media`, '/mnt/lab-smb']);
    await node.run('cp', ['/etc/hostname', '/mnt/lab-smb/from-node-b']);
    expect(await nas.run('cat', ['/volume1/media/from-node-b'])).toBe('node-b\n');
    await node.run('umount', ['/mnt/lab-smb']);
    await node.write('/root/smb', 'username=operator\npassword=wrong\n', '600');
    await expect(
      node.run('mount', ['-t', 'cifs', '-o', 'credentials=/root/smb', `//${PORTAL}/media`, '/mnt/lab-smb']),
    ).rejects.toThrow('Permission denied');
  });
});

describe('a restart', () => {
  it('brings back targets, exports and shares with their data, CHAP and numbers', async () => {
    const { nas } = fixture.lab;
    const node = fixture.lab.node('node-a');
    const iqn = target('lasting');
    const lun = await nas.createLun({ iqn, lun: 3, size: '64Mi' });
    const device = await logIn(node, iqn, 3);
    await node.run('dd', ['if=/dev/urandom', `of=${device}`, 'bs=1M', 'count=4', 'oflag=direct', 'conv=fsync']);
    const serial = await node.run('lsblk', ['--nodeps', '--noheadings', '--output', 'WWN,SERIAL', device]);
    await logOut(node, iqn);
    const before = await nas.hashLun(lun);
    await nas.authenticate(iqn, { username: 'operator', password: 'a secret of 16' });
    await nas.exportNfs({ path: '/volume3/lasting', owner: '1234:1234' });

    const off = await fixture.lab.powerOff('nas');
    await off.undo();

    expect(await nas.hashLun(lun)).toBe(before);
    await expect(logIn(node, iqn, 3)).rejects.toThrow('authorization failure');
    await nas.authenticate(iqn);
    await logIn(node, iqn, 3);
    expect(await node.run('lsblk', ['--nodeps', '--noheadings', '--output', 'WWN,SERIAL', device])).toBe(serial);
    await logOut(node, iqn);
    await node.run('mkdir', ['-p', '/mnt/lasting']);
    await until('the export', 60, async () => {
      const mount = ['-t', 'nfs', '-o', 'vers=4.2', `${PORTAL}:/volume3/lasting`, '/mnt/lasting'];
      return (await node.tryRun('mount', mount)).code === 0;
    });
    expect(await node.run('stat', ['-c', '%u:%g', '/mnt/lasting'])).toBe('1234:1234\n');
    await node.run('umount', ['/mnt/lasting']);
  });
});
