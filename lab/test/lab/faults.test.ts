import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { logIn, logOut, PORTAL, useLab } from './fixture';

const fixture = useLab();
const iqn = 'iqn.2000-01.com.example:faults';
const node = () => fixture.lab.node('node-a');
const nas = () => fixture.lab.nas;
const ping = async () => (await node().tryRun('ping', ['-c', '1', '-W', '2', PORTAL])).code === 0;

describe('the storage network', () => {
  it('is cut and mended', async () => {
    const fault = await fixture.lab.cutLink('node-a');
    expect(await ping()).toBe(false);
    expect(await node().run('cat', ['/sys/class/net/storage/carrier'])).toBe('1\n');
    await fault.undo();
    await until('an answer', 30, ping);
  });

  it('delays', async () => {
    const time = async () => {
      const { stdout } = await node().tryRun('ping', ['-c', '5', '-q', PORTAL]);
      return Number(/= ([\d.]+)\//.exec(stdout)?.[1]);
    };
    // The shortest of five: anything else that the machine does only adds to it.
    const before = await time();
    const fault = await fixture.lab.impairLink('node-a', { delayMilliseconds: 100 });
    const delayed = await time();
    await fault.undo();
    expect(delayed).toBeGreaterThan(200);
    expect(await time()).toBeLessThan(Math.max(200, before * 5));
  });

  it('loses', async () => {
    const fault = await fixture.lab.impairLink('node-a', { loss: 0.5 });
    const { stdout } = await node().tryRun('ping', ['-c', '40', '-i', '0.05', '-W', '2', '-q', PORTAL]);
    await fault.undo();
    const received = Number(/(\d+) received/.exec(stdout)?.[1]);
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(25);
    await until('an answer', 30, ping);
  });
});

describe('the way to the API server', () => {
  it('is cut for one machine, which then is not Ready, and mended', async () => {
    const fault = await fixture.lab.cutControl('node-b');
    const status = () =>
      fixture.lab.kubectl(['get', 'node', 'node-b', '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}']);
    await until('node-b is not known to be Ready', 120, status, (found) => found === 'Unknown');
    await fault.undo();
    await until('node-b is Ready', 120, status, (found) => found === 'True');
  });
});

describe('a process', () => {
  it('is killed and started again', async () => {
    const state = async () => (await node().tryRun('systemctl', ['is-active', 'containerd'])).stdout.trim();
    const fault = await node().kill('containerd');
    expect(await state()).not.toBe('active');
    await fault.undo();
    expect(await state()).toBe('active');
  });

  it('is stopped where it is, and goes on', async () => {
    const answers = async () => (await node().tryRun('timeout', ['20', 'ctr', 'version'])).code === 0;
    const fault = await node().freeze('containerd');
    expect(await answers()).toBe(false);
    await fault.undo();
    await until('an answer of containerd', 120, answers);
  });
});

describe('disks', () => {
  it("a node's is full, and has room again", async () => {
    const write = () => node().tryRun('dd', ['if=/dev/zero', 'of=/root/more', 'bs=1M', 'count=8']);
    const fault = await node().fillDisk('/root', '1Mi');
    expect((await write()).stderr).toContain('No space left on device');
    await fault.undo();
    expect((await write()).code).toBe(0);
    await node().run('rm', ['/root/more']);
  });
});

describe('LUNs', () => {
  let lun: Lun;
  let other: Lun;
  let device: string;
  const read = () => node().tryRun('dd', [`if=${device}`, 'of=/dev/null', 'bs=4k', 'count=8', 'iflag=direct']);
  const write = () =>
    node().tryRun('dd', ['if=/dev/urandom', `of=${device}`, 'bs=64k', 'count=1', 'oflag=direct', 'conv=fsync']);

  beforeAll(async () => {
    lun = await nas().createLun({ iqn, lun: 1, size: '64Mi' });
    other = await nas().createLun({ iqn: `${iqn}-other`, lun: 1, size: '128Mi' });
    device = await logIn(node(), iqn);
  });
  afterAll(() => logOut(node(), iqn));

  it("can't be read, as a whole or in part", async () => {
    const whole = await nas().failReads(lun);
    expect((await read()).stderr).toContain('Input/output error');
    await whole.undo();
    expect((await read()).code).toBe(0);
    const part = await nas().failReads(lun, { first: 2048, count: 8 });
    expect((await read()).code).toBe(0);
    const at = ['bs=512', 'count=1', 'iflag=direct'];
    expect((await node().tryRun('dd', [`if=${device}`, 'of=/dev/null', 'skip=2048', ...at])).code).not.toBe(0);
    await part.undo();
    expect((await node().tryRun('dd', [`if=${device}`, 'of=/dev/null', 'skip=2048', ...at])).code).toBe(0);
  });

  it('lose what they acknowledged', async () => {
    const before = await nas().hashLun(lun);
    const fault = await nas().dropWrites(lun);
    expect((await write()).code).toBe(0);
    await fault.undo();
    expect(await nas().hashLun(lun)).toBe(before);
    expect((await write()).code).toBe(0);
    expect(await nas().hashLun(lun)).not.toBe(before);
  });

  it("can't grow on a full pool", async () => {
    const fault = await nas().fillPool();
    const fill = () =>
      node().tryRun('dd', ['if=/dev/urandom', `of=${device}`, 'bs=1M', 'count=32', 'oflag=direct', 'conv=fsync']);
    expect((await fill()).code).not.toBe(0);
    await fault.undo();
    expect((await fill()).code).toBe(0);
  });

  it("are another one's", async () => {
    await logOut(node(), iqn);
    const fault = await nas().mapWrongLun(lun, other);
    device = await logIn(node(), iqn);
    expect(await node().run('blockdev', ['--getsize64', device])).toBe(`${128 * 1024 * 1024}\n`);
    await logOut(node(), iqn);
    await fault.undo();
    device = await logIn(node(), iqn);
    expect(await node().run('blockdev', ['--getsize64', device])).toBe(`${64 * 1024 * 1024}\n`);
  });

  it('are in use from outside of Kubernetes', async () => {
    const fault = await nas().logInFromOutside(iqn);
    expect(await nas().sessions()).toContainEqual({ iqn, initiator: 'iqn.1993-08.org.debian:01:nas' });
    await fault.undo();
    expect(await nas().sessions()).toEqual([{ iqn, initiator: await node().initiatorName() }]);
  });

  it('have a session that nobody ended', async () => {
    const b = fixture.lab.node('node-b');
    const fault = await b.leaveStaleSession(other.iqn, PORTAL);
    expect(await b.run('iscsiadm', ['-m', 'session'])).toContain(other.iqn);
    await fault.undo();
    expect((await b.tryRun('iscsiadm', ['-m', 'session'])).stderr).toContain('No active sessions');
  });
});

describe('a node', () => {
  it('is a clone of the other one, and itself again', async () => {
    const b = fixture.lab.node('node-b');
    const own = await b.initiatorName();
    expect(own).not.toBe(await node().initiatorName());
    const fault = await b.cloneIdentityOf(node());
    expect(await b.initiatorName()).toBe(await node().initiatorName());
    expect(await b.run('cat', ['/etc/machine-id'])).toBe(await node().run('cat', ['/etc/machine-id']));
    await fault.undo();
    expect(await b.initiatorName()).toBe(own);
    expect(await b.run('cat', ['/etc/machine-id'])).not.toBe(await node().run('cat', ['/etc/machine-id']));
  });

  it('lacks packages, and installs them from its own source', async () => {
    const b = fixture.lab.node('node-b');
    const fault = await b.removePackages(['open-iscsi', 'rsync']);
    expect((await b.tryRun('which', ['iscsiadm', 'rsync'])).stdout).toBe('');
    await fault.undo();
    expect((await b.run('which', ['iscsiadm', 'rsync'])).trim().split('\n')).toHaveLength(2);
  });
});
