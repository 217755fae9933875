import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { formatLun } from '../../../lib/scripts/lun/format-lun';
import { probeLun } from '../../../lib/scripts/lun/probe-lun';
import { run } from '../../engine/run';
import type { Lun } from '../../nas/nas';
import { logIn, logOut, PORTAL, useLab, useSsh } from './fixture';
import { devicePath } from './log-in';
import { Operator } from './operator';
import { errorIn, type PrintedFindings, resultIn } from './printed-json';

const IQN = 'iqn.2000-01.com.example:discovered';
const DESCRIPTION = `import { defineCluster } from 'lunward';

export default defineCluster({
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'root@192.0.2.211' } },
  namespace: 'media',
  apps: {},
});
`;
/** A LUN that does not exist, of a target that does. */
const describedAt = (targetPortal: string) =>
  DESCRIPTION.replace('{ defineCluster }', '{ defineCluster, iscsi, jellyfin }').replace(
    'apps: {}',
    `apps: { jellyfin: jellyfin({
      image: 'registry.example.com/jellyfin:1',
      config: iscsi({ name: 'jellyfin-config', targetPortal: '${targetPortal}', iqn: '${IQN}', lun: 3, size: '1Gi' }),
    }) }`,
  );
const ALL_WELL =
  'node-a: Debian GNU/Linux 12 (bookworm), iqn.1993-08.org.debian:01:node-a\n' +
  'node-b: Debian GNU/Linux 12 (bookworm), iqn.1993-08.org.debian:01:node-b\n\nNothing is wrong with them.\n';

const fixture = useLab();
useSsh(fixture);
let operator: Operator;
let lun: Lun;

const lunward = (command: string, ...args: readonly string[]) => operator.lunward(command, ...args);
const discover = (...args: readonly string[]) => lunward('discover', ...args);

/** The error that it ends with, and its exit code. */
async function notDiscovered(...args: readonly string[]) {
  const { code, stdout } = await discover(...args, '--json');
  return { ...errorIn(stdout), exit: code };
}

async function findings(): Promise<PrintedFindings['findings']> {
  return resultIn<PrintedFindings>((await lunward('doctor', '--json')).stdout).findings;
}

/** The nodes that do not find this LUN of their target. */
const withoutLun = (all: PrintedFindings['findings'], number: number) =>
  all
    .filter(({ code, found }) => code === 'lun-not-found' && found.includes(`LUN ${number} `))
    .map(({ subject }) => subject);

/** Everything about iSCSI that a node keeps. */
async function stateOf(name: string): Promise<unknown> {
  const node = fixture.lab.node(name);
  return {
    sessions: (await node.tryRun('iscsiadm', ['-m', 'session'])).stdout,
    records: await node.run('find', ['/etc/iscsi', '-type', 'f']),
    devices: await node.run('lsblk', ['--nodeps', '--output', 'NAME,SIZE']),
    mounts: await node.run('findmnt', ['--raw', '--output', 'TARGET,SOURCE', '--types', 'ext4,xfs']),
  };
}

beforeAll(async () => {
  operator = await Operator.of(fixture.lab, DESCRIPTION);
  const { nas } = fixture.lab;
  lun = await nas.createLun({ iqn: IQN, lun: 1, size: '10Gi' });
  await nas.formatLun(lun, 'ext4');
  await nas.createLun({ iqn: IQN, lun: 12, size: '96Mi' });
  await nas.createLun({ iqn: `${IQN}-closed`, lun: 0, size: '64Mi' });
  await nas.authenticate(`${IQN}-closed`, { username: 'operator', password: 'a secret of 16' });
});
afterAll(() => {
  operator?.remove();
});

describe('lunward discover', () => {
  it('shows targets and LUNs, and leaves node, target and disks as they were', async () => {
    const before = [await stateOf('node-a'), await fixture.lab.nas.hashLun(lun)];
    const { code, stdout, stderr } = await discover(PORTAL);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      new RegExp(
        [
          '^192\\.0\\.2\\.200:3260, seen from node-a \\(iqn\\.1993-08\\.org\\.debian:01:node-a\\)',
          '',
          IQN,
          '  LUN 1 +10 GiB  0x6001405[0-9a-f]{25}  ext4',
          '  LUN 12 +96 MiB  0x6001405[0-9a-f]{25}  nothing that is recognised',
          '',
          `${IQN}-closed`,
          '  not seen: it refuses this node: it wants CHAP, or does not list this initiator name\n$',
        ].join('\n'),
      ),
    );
    expect([await stateOf('node-a'), await fixture.lab.nas.hashLun(lun)]).toEqual(before);
    expect(await fixture.lab.nas.sessions()).toEqual([]);
  });

  it('uses a session that is there, and leaves it with what is mounted from it', async () => {
    const node = fixture.lab.node('node-b');
    const device = await logIn(node, IQN);
    await node.run('mkdir', ['-p', '/mnt/in-use']);
    await node.run('mount', [device, '/mnt/in-use']);
    const before = await stateOf('node-b');
    const { code, stdout } = await discover(PORTAL, '--node', 'node-b', '--json');
    expect(code).toBe(0);
    const found = resultIn<{ readonly targets: readonly { readonly luns: readonly object[] }[] }>(stdout);
    expect(found.targets[0]?.luns).toContainEqual(
      expect.objectContaining({ lun: 1, bytes: 10 * 1024 ** 3, content: 'ext4', use: 'mounted at /mnt/in-use' }),
    );
    expect(await stateOf('node-b')).toEqual(before);
    await node.run('umount', ['/mnt/in-use']);
    await logOut(node, IQN);
  });

  it('says where nothing answers', async () => {
    expect(await notDiscovered('192.0.2.99')).toMatchObject({
      exit: 1,
      code: 'step-declined',
      message: expect.stringMatching(/\bnode-a\b.*\bnothing answers at 192\.0\.2\.99:3260\b/),
    });
  });

  it('says what a node lacks', async () => {
    const node = fixture.lab.node('node-b');
    const path = (await node.run('which', ['iscsiadm'])).trim();
    await node.run('mv', [path, `${path}.away`]);
    const lacking = await notDiscovered(PORTAL, '--node', 'node-b');
    await node.run('mv', [`${path}.away`, path]);
    const message = expect.stringMatching(/\bnode-b\b.*\biscsiadm is not installed\b/);
    expect(lacking).toMatchObject({ exit: 1, code: 'step-declined', message });
  });

  it('does not go to a node whose host key is not known', async () => {
    const config = join(operator.folder, 'ssh_config');
    const { stdout } = await run('sed', ['s|known_hosts|unknown_hosts|', await fixture.lab.writeSshConfig()]);
    writeFileSync(config, stdout);
    operator.ssh.useConfig(config);
    const unknown = await notDiscovered(PORTAL);
    await operator.ssh.refresh();
    const message = expect.stringMatching(/\bhost key is not in known_hosts\b/);
    expect(unknown).toMatchObject({ exit: 4, code: 'unreachable', message });
  });

  it('tells who mistypes a portal or a node', async () => {
    expect(await notDiscovered('nas.example.com')).toMatchObject({
      code: 'portal-invalid',
      message: expect.stringContaining('"nas.example.com"'),
    });
    expect(await notDiscovered(PORTAL, '--node', 'node-c')).toMatchObject({
      code: 'no-such-node',
      message: expect.stringMatching(/"node-c".*\bnode-a or node-b\b/),
    });
  });
});

describe('lunward doctor', () => {
  it('finds nothing wrong with nodes that are well, and changes nothing', async () => {
    const before = [await stateOf('node-a'), await stateOf('node-b')];
    expect(await lunward('doctor')).toMatchObject({
      code: 0,
      stdout: ALL_WELL,
    });
    expect([await stateOf('node-a'), await stateOf('node-b')]).toEqual(before);
  });

  it.each([PORTAL, `[::FFFF:${PORTAL}]:3260`])(
    'sees a LUN that is described at %s, and leaves nodes as they were',
    async (portal) => {
      operator.describe(describedAt(portal));
      const before = [await stateOf('node-a'), await stateOf('node-b')];
      const found = await findings();
      expect([await stateOf('node-a'), await stateOf('node-b')]).toEqual(before);
      operator.describe(DESCRIPTION);
      // Both nodes have seen all of them.
      expect(withoutLun(found, 3)).toEqual(['node-a', 'node-b']);
      expect(await fixture.lab.nas.sessions()).toEqual([]);
    },
  );

  it('reaches a node that allows one session for each login', async () => {
    const node = fixture.lab.node('node-b');
    // Unlike a reload, a restart returns once it listens again; sessions stay.
    const allow = (sessions: number) =>
      node.run('bash', [
        '-ec',
        `echo "MaxSessions ${sessions}" >/etc/ssh/sshd_config.d/00-sessions.conf; sshd -T | grep -i maxsessions; systemctl restart ssh`,
      ]);
    expect(await allow(1)).toBe('maxsessions 1\n');
    expect(await lunward('doctor')).toMatchObject({ code: 0, stdout: ALL_WELL });
    await allow(100);
  });

  it('finds what is wrong, all at once', async () => {
    const [a, b] = [fixture.lab.node('node-a'), fixture.lab.node('node-b')];
    const stale = await a.leaveStaleSession(IQN, PORTAL);
    const clone = await b.cloneInitiatorNameOf(a);
    await a.run('mv', ['/usr/bin/rsync', '/usr/bin/rsync.away']);
    const { code, stdout } = await lunward('doctor', '--json');
    await a.run('mv', ['/usr/bin/rsync.away', '/usr/bin/rsync']);
    await clone.undo();
    await stale.undo();
    expect(code).toBe(1);
    expect(resultIn<PrintedFindings>(stdout).findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          severity: 'error',
          code: 'program-missing',
          subject: 'node-a',
          found: 'lacks rsync',
          remedy: 'apt-get install --yes --no-install-recommends rsync',
        }),
        expect.objectContaining({
          severity: 'warning',
          code: 'session-unused',
          subject: 'node-a',
          found: expect.stringContaining(IQN),
        }),
        expect.objectContaining({
          severity: 'error',
          code: 'initiator-name-shared',
          subject: 'node-b',
          found: expect.stringMatching(/\bnode-a: iqn\.1993-08\.org\.debian:01:node-a$/),
        }),
      ]),
    );
  });

  it('tells of a node that does not answer, and looks at the others', async () => {
    const cut = await fixture.lab.cutControl('node-b');
    const { code, stdout } = await lunward('doctor', '--json');
    await cut.undo();
    expect(code).toBe(1);
    const { nodes, findings: found } = resultIn<PrintedFindings>(stdout);
    expect(Object.keys(nodes)).toEqual(['node-a']);
    const why = expect.stringMatching(/\bnode node-b \(root@192\.0\.2\.211\) .*\bdoes not answer\b/);
    expect(found).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'node-unreachable', subject: 'node-b', found: why }),
    );
  });

  it('finds a mount whose server is gone', async () => {
    const node = fixture.lab.node('node-a');
    await fixture.lab.nas.exportNfs({ path: '/volume1/gone' });
    await node.run('mkdir', ['-p', '/mnt/gone']);
    await node.run('mount', ['-t', 'nfs', '-o', 'vers=4.2', `${PORTAL}:/volume1/gone`, '/mnt/gone']);
    const cut = await fixture.lab.cutLink('nas');
    const found = await findings();
    await cut.undo();
    const mount = expect.stringContaining('/mnt/gone');
    expect(found).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'server-silent', subject: 'node-a', found: mount }),
    );
    await node.run('umount', ['/mnt/gone']);
  });
});

describe('a target whose LUNs are in use on two nodes', () => {
  const SHARED = `${IQN}-shared`;
  const target = `-T ${SHARED} -p ${PORTAL}:3260`;
  /** As a kubelet does it: it shows its node only the LUN that it wants. */
  const use = (name: string, number: number) =>
    fixture.lab.node(name).run('bash', [
      '-ec',
      `iscsiadm -m node ${target} -o new; iscsiadm -m node ${target} -o update -n node.session.scan -v manual
      iscsiadm -m node ${target} --login
      for scan in /sys/class/scsi_host/host*/scan; do echo '0 0 ${number}' >"$scan"; done
      udevadm settle; mkdir -p /mnt/used; mount ${devicePath({ iqn: SHARED, lun: number })} /mnt/used
      echo ${number} >/mnt/used/row`,
    ]);
  const rows = (name: string) =>
    fixture.lab.node(name).run('bash', ['-ec', 'echo more >>/mnt/used/row; sync /mnt/used/row; cat /mnt/used/row']);
  const described = (number: number) =>
    describedAt(PORTAL).replaceAll(IQN, SHARED).replace('lun: 3', `lun: ${number}`).replace("'1Gi'", "'32Mi'");
  const states = () => Promise.all([stateOf('node-a'), stateOf('node-b')]);

  beforeAll(async () => {
    const { nas } = fixture.lab;
    for (const number of [1, 2, 3, 4]) {
      const made = await nas.createLun({ iqn: SHARED, lun: number, size: '32Mi' });
      if (number < 3) await nas.formatLun(made, 'ext4');
    }
    await use('node-a', 1);
    await use('node-b', 2);
  });

  it('is seen LUN by LUN: a number is never proposed from what another app uses', async () => {
    operator.describe(described(9));
    const before = await states();
    const found = await findings();
    expect(withoutLun(found, 9)).toEqual(['node-a', 'node-b']);
    expect(JSON.stringify(found)).not.toMatch(/lun: \d/);
    expect(await states()).toEqual(before);
  });

  it('lets a third LUN be seen, looked at and formatted beside them, and shows no other one to a node', async () => {
    operator.describe(described(3));
    const before = await states();
    expect((await lunward('doctor')).stdout).not.toContain(SHARED);
    const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
    const seen = await node.run(probeLun({ portal: PORTAL, iqn: SHARED, lun: 3 }));
    if (seen.result === 'declined') throw new Error(seen.reason);
    expect(seen.facts).toMatchObject({ wasShown: false, problem: '' });
    const { bytes = 0, wwn = '' } = seen.facts.luns.find(({ lun: number }) => number === 3) ?? {};
    const planned = { portal: PORTAL, iqn: SHARED, lun: 3, bytes, wwn };
    const attempt = { volume: 'third', attempt: 1, uuid: '7b3c9f6e-0a52-4b0e-9a8d-2f1c5e7d9b31' };
    expect(await node.run(formatLun(planned, attempt, 'ext4'))).toMatchObject({ result: 'changed' });
    expect(await states()).toEqual(before);
    operator.describe(DESCRIPTION);
    expect([await rows('node-a'), await rows('node-b')]).toEqual(['1\nmore\n', '2\nmore\n']);
  });

  it('is in use on each node by its own LUN alone', async () => {
    const look = async (name: string, ssh: string, number: number) => {
      const report = await new SshExecutor({ name, ssh }).run(probeLun({ portal: PORTAL, iqn: SHARED, lun: number }));
      if (report.result === 'declined') throw new Error(report.reason);
      return report.facts;
    };
    const own = await look('node-a', 'admin@192.0.2.210', 1);
    expect(own).toMatchObject({ wasShown: true, luns: [{ lun: 1, use: 'mounted at /mnt/used' }] });
    const ofOther = await look('node-b', 'root@192.0.2.211', 2);
    expect(ofOther).toMatchObject({ wasShown: true, luns: [{ lun: 2, use: 'mounted at /mnt/used' }] });
    for (const name of ['node-a', 'node-b']) {
      const machine = fixture.lab.node(name);
      await machine.run('umount', ['/mnt/used']);
      await logOut(machine, SHARED);
    }
  });
});
