import { chmodSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { preparationOf } from '../../../lib/nodes/preparation';
import { neededPrograms } from '../../../lib/nodes/systems';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { prepareNode } from '../../../lib/scripts/node/prepare-node';
import { StandInNode } from '../stand-in-node';

const APT =
  '--yes --quiet --no-install-recommends --no-upgrade -o DPkg::Lock::Timeout=0 ' +
  '-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install';
const QUIETLY = '[noninteractive l]';
const DNF = 'dnf install --setopt=install_weak_deps=False';
const ZYPPER = 'zypper --non-interactive install --no-recommends';
const START = ['systemctl --quiet enable iscsid.socket', 'systemctl start iscsid.socket'];

const apt = (...packages: string[]) => [
  `apt-get --quiet update ${QUIETLY}`,
  `apt-get --simulate ${APT} ${packages.join(' ')} ${QUIETLY}`,
  `apt-get ${APT} ${packages.join(' ')} ${QUIETLY}`,
];
const dnf = (...packages: string[]) => [
  `${DNF} --assumeno ${packages.join(' ')}`,
  `${DNF} --assumeyes ${packages.join(' ')}`,
];
const zypper = (...packages: string[]) => [
  `${ZYPPER} --dry-run ${packages.join(' ')} [0]`,
  `${ZYPPER} ${packages.join(' ')} [0]`,
];

const debian = {
  release: 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  programs: ['apt-get', 'dpkg-query'],
};
const fedora = { release: 'ID=fedora\nPRETTY_NAME="Fedora Linux 42"\n', programs: ['dnf', 'rpm'] };
const leap = { release: 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', programs: ['zypper', 'rpm'] };

let node: StandInNode;
afterEach(() => node.remove());

/** A node that has everything but `lacking`. */
function nodeWith({ release, programs }: typeof debian, lacking: readonly string[] = neededPrograms): StandInNode {
  node = new StandInNode(release, [...programs, ...neededPrograms.filter((program) => !lacking.includes(program))]);
  if (!lacking.includes('iscsiadm')) {
    node.add('iscsi-iname');
    node.write('etc/iscsi/initiatorname.iscsi', 'InitiatorName=iqn.2000-01.com.example:own\n');
    for (const name of ['', '.enabled', '.active']) node.set(`iscsid.socket${name}`);
  }
  return node;
}

function prepare(managedBy?: string) {
  return node.run(prepareNode({ ...preparationOf({ ...(managedBy && { managedBy }) }), patience: 0, root: node.root }));
}

describe('a node that has nothing', () => {
  const ofDebian = apt('open-iscsi', 'nfs-common', 'rsync', 'e2fsprogs', 'xfsprogs', 'sqlite3');
  const ofRedHat = [...dnf('iscsi-initiator-utils', 'nfs-utils', 'rsync', 'e2fsprogs', 'xfsprogs', 'sqlite'), ...START];
  const ofSuse = [...zypper('open-iscsi', 'nfs-client', 'rsync', 'e2fsprogs', 'xfsprogs', 'sqlite3'), ...START];

  it.each<[string, typeof debian, string[]]>([
    ['Debian', debian, ofDebian],
    ['Ubuntu', { ...debian, release: 'ID=ubuntu\nID_LIKE=debian\n' }, ofDebian],
    ['Fedora', fedora, ofRedHat],
    ['RHEL', { ...fedora, release: 'ID="rhel"\nID_LIKE="fedora"\n' }, ofRedHat],
    ['Rocky Linux', { ...fedora, release: 'ID="rocky"\nID_LIKE="rhel centos fedora"\n' }, ofRedHat],
    ['openSUSE Leap', leap, ofSuse],
    ['SLES', { ...leap, release: 'ID="sles"\nID_LIKE="suse"\n' }, ofSuse],
  ])('gets it on %s, once', (_, system, calls) => {
    nodeWith(system);
    const { report, stderr } = prepare();
    expect(stderr).toBe('');
    expect(report).toMatchObject({
      result: 'changed',
      facts: { initiatorName: expect.stringMatching(/^iqn\..*:made$/) },
    });
    expect(node.calls()).toEqual(calls);
    const name = node.read('etc/iscsi/initiatorname.iscsi');
    expect(prepare().report).toMatchObject({ result: 'unchanged', facts: { installed: [], did: [] } });
    expect(node.calls()).toEqual([]);
    expect(node.read('etc/iscsi/initiatorname.iscsi')).toBe(name);
  });

  it.each<[string, string, string[], string[], string]>([
    ['NixOS', 'ID=nixos\n', ['etc/NIXOS'], [], 'declare it: services.openiscsi'],
    ['Flatcar', 'ID=flatcar\nID_LIKE=coreos\n', [], [], 'system extension (sysext)'],
    [
      'Fedora CoreOS',
      'ID=fedora\n',
      ['run/ostree-booted'],
      ['dnf'],
      'rpm-ostree install iscsi-initiator-utils nfs-utils rsync',
    ],
    [
      'openSUSE MicroOS',
      'ID="opensuse-microos"\nID_LIKE="suse opensuse"\n',
      [],
      ['zypper', 'transactional-update'],
      'transactional-update pkg install open-iscsi nfs-client rsync',
    ],
  ])('is only looked at on %s', (_, release, files, programs, line) => {
    node = new StandInNode(release, programs);
    for (const file of files) node.write(file);
    const { report } = prepare();
    expect(report).toMatchObject({ result: 'declined', code: 'managed', reason: expect.stringContaining(line) });
    expect(node.calls()).toEqual([]);
  });

  it('is only inspected if another tool manages it', () => {
    nodeWith(debian);
    const { report } = prepare('Ansible');
    expect(report?.result === 'declined' && report.reason.split('\n')).toEqual([
      `it lacks ${neededPrograms.join(', ')}, an initiator name, a running and enabled iscsid, and its packages are managed by Ansible; add`,
      'apt-get install --yes --no-install-recommends open-iscsi nfs-common rsync e2fsprogs xfsprogs sqlite3',
      'echo "InitiatorName=$(iscsi-iname)" >/etc/iscsi/initiatorname.iscsi',
      'systemctl enable --now iscsid.socket',
      'or with Ansible:',
      '- ansible.builtin.package: { name: [open-iscsi, nfs-common, rsync, e2fsprogs, xfsprogs, sqlite3], state: present }',
      `- ansible.builtin.shell: { cmd: 'echo "InitiatorName=$(iscsi-iname)" >/etc/iscsi/initiatorname.iscsi', creates: /etc/iscsi/initiatorname.iscsi }`,
      '- ansible.builtin.systemd_service: { name: iscsid.socket, enabled: true, state: started }',
    ]);
    expect(node.calls()).toEqual([]);
  });

  it('is reported if its distribution is unknown', () => {
    node = new StandInNode('ID=void\nPRETTY_NAME=Void\n', []);
    expect(prepare().report).toMatchObject({
      result: 'declined',
      code: 'unknown-system',
      reason: expect.stringContaining('Void'),
    });
  });
});

describe('a node', () => {
  it('that has everything is not changed, whatever manages it', () => {
    nodeWith(debian, []);
    expect([prepare().report?.result, prepare('Ansible').report?.result]).toEqual(['unchanged', 'unchanged']);
    expect(node.calls()).toEqual([]);
  });

  it('gets only what is missing', () => {
    nodeWith(fedora, ['sqlite3']);
    expect(prepare().report).toMatchObject({ result: 'changed', facts: { installed: ['sqlite'] } });
    expect(node.calls()).toEqual(dnf('sqlite'));
  });

  it('has an interrupted installation completed', () => {
    nodeWith(debian, []);
    node.set('dpkg', 'installed open-iscsi\nhalf-configured rsync\n');
    expect(prepare().report).toMatchObject({ result: 'changed', facts: { installed: ['rsync'] } });
    expect(node.calls()).toEqual(apt('rsync'));
  });

  it('gets an initiator name if it has none, and its initiator reads it', () => {
    nodeWith(debian, []);
    node.write('etc/iscsi/initiatorname.iscsi', 'GenerateName=yes\n');
    node.set('iscsid.service.active');
    expect(prepare().report).toMatchObject({
      result: 'changed',
      facts: { initiatorName: 'iqn.2016-04.com.open-iscsi:made' },
    });
    expect(node.calls()).toEqual(['systemctl restart iscsid.service']);
  });

  it('has its service enabled if there is no socket', () => {
    nodeWith(leap, []);
    for (const name of ['', '.enabled', '.active']) node.unset(`iscsid.socket${name}`);
    node.set('iscsid.service');
    expect(prepare().report).toMatchObject({ result: 'changed' });
    expect(node.calls()).toEqual(['systemctl --quiet enable iscsid.service', 'systemctl start iscsid.service']);
  });

  it('has its socket enabled, but not started if the service runs', () => {
    nodeWith(leap, []);
    for (const name of ['.enabled', '.active']) node.unset(`iscsid.socket${name}`);
    node.set('iscsid.service.active');
    expect(prepare().report).toMatchObject({ result: 'changed', facts: { did: ['enabled iscsid.socket'] } });
  });

  it.each<[string, (there: StandInNode) => void, DeclineCode, string]>([
    [
      'with sessions whose name is gone',
      (there) => {
        there.write('etc/iscsi/initiatorname.iscsi');
        there.write('sys/class/iscsi_session/session1/targetname');
      },
      'no-initiator-name',
      'initiatorname.iscsi',
    ],
    [
      'whose initiator somebody does not want',
      (there) => {
        for (const name of ['.enabled', '.active']) there.unset(`iscsid.socket${name}`);
        there.set('iscsid.socket.masked');
      },
      'masked',
      'systemctl unmask iscsid.socket',
    ],
    [
      'that is being prepared',
      (there) => {
        there.unset('iscsid.socket.enabled');
        there.set('being-prepared');
      },
      'busy',
      '',
    ],
  ])('%s is told of and left alone', (_, arrange, code, named) => {
    arrange(nodeWith(debian, []));
    expect(prepare().report).toMatchObject({ result: 'declined', code, reason: expect.stringContaining(named) });
    expect(node.calls()).toEqual([]);
  });

  it.each<[string, (there: StandInNode) => void, DeclineCode, string]>([
    [
      'whose package is there and its program is not',
      (there) => there.set('dpkg', 'installed rsync\n'),
      'program-missing',
      'rsync',
    ],
    [
      'with a record that an initiator would log in to',
      (there) => there.write('etc/iscsi/nodes/iqn.x/192.0.2.200,3260,1/default', 'node.startup = automatic\n'),
      'automatic-login',
      '/etc/iscsi/nodes/iqn.x/192.0.2.200,3260,1/default',
    ],
    [
      'whose dpkg was interrupted',
      (there) => there.write('var/lib/dpkg/updates/0001'),
      'interrupted',
      '"dpkg --configure -a"',
    ],
    [
      'whose packages would have to be upgraded',
      (there) =>
        there.set('apt-says', 'Inst rsync (3.2 bookworm)\nInst libc6 [2.36-1] (2.36-2 bookworm)\nRemv other [1]\n'),
      'would-change',
      'upgrade libc6, remove other',
    ],
    [
      'whose packages somebody else changes',
      (there) => {
        there.set('apt-fails');
        there.set(
          'apt-says',
          'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (apt-get)\n',
        );
      },
      'busy',
      'It is held by process 4711 (apt-get)',
    ],
  ])('%s gets nothing', (_, arrange, code, named) => {
    arrange(nodeWith(debian));
    expect(prepare().report).toMatchObject({ result: 'declined', code, reason: expect.stringContaining(named) });
    expect(node.calls().filter((call) => call.startsWith('apt-get --yes'))).toEqual([]);
  });

  it.each<[string, typeof debian, string, string, DeclineCode, string]>([
    [
      'dnf, since it is in use',
      fedora,
      'locks',
      '/usr/lib/sysimage/rpm/.rpm.lock 4711 dnf\n',
      'busy',
      'process 4711 dnf',
    ],
    [
      'dnf, since it would upgrade',
      fedora,
      'dnf-says',
      'Installing:\n rsync\nUpgrading:\n glibc\n',
      'would-change',
      'Upgrading:',
    ],
    ['zypper, since it is in use', leap, 'zypper-ends', '7', 'busy', ''],
    [
      'zypper, since it would upgrade',
      leap,
      'zypper-says',
      'The following package is going to be upgraded:\n  glibc\n',
      'would-change',
      'is going to be upgraded',
    ],
  ])('gets nothing by %s', (_, system, name, content, code, named) => {
    nodeWith(system).set(name, content);
    expect(prepare().report).toMatchObject({ result: 'declined', code, reason: expect.stringContaining(named) });
    expect(node.calls().filter((call) => !/--assumeno|--dry-run/.test(call))).toEqual([]);
  });

  it.each<[string, typeof debian, string, string]>([
    ['apt-get', debian, 'apt-fails', '100'],
    ['dnf', fedora, 'dnf-fails', '1'],
    ['zypper', leap, 'zypper-ends', '104'],
  ])('has failed to be prepared where %s fails', (manager, system, name, code) => {
    nodeWith(system).set(name, code);
    const run = prepare();
    expect([run.report, run.code]).toEqual([undefined, Number(code)]);
    expect(run.stderr).toContain(`${manager} ended with ${code}`);
  });

  it.each([1, 2, 3, 4])('that was killed after call %i of four ends the same', (count) => {
    nodeWith(fedora);
    node.set('end-behind', String(count));
    expect(prepare()).toMatchObject({ report: undefined, code: null });
    expect(prepare().report).toMatchObject({ facts: { initiatorName: 'iqn.2016-04.com.open-iscsi:made' } });
    expect([node.has('iscsid.socket.active'), node.has('iscsid.socket.enabled')]).toEqual([true, true]);
    node.calls();
    expect(prepare().report?.result).toBe('unchanged');
    expect(node.calls()).toEqual([]);
  });
});

describe('how long I/O waits for a target', () => {
  const SETTING = 'node.session.timeo.replacement_timeout';
  const RECORD = 'etc/iscsi/nodes/iqn.2000-01.com.example:one/192.0.2.200,3260,1/default';
  const SESSION = 'sys/class/iscsi_session/session3';
  const UPDATE = `iscsiadm -m node -o update -n ${SETTING} -v`;
  const wait = (replacementTimeout?: number | 'infinity', managedBy?: string) =>
    node.run(
      prepareNode({
        ...preparationOf({
          ...(replacementTimeout !== undefined && { replacementTimeout }),
          ...(managedBy && { managedBy }),
        }),
        ...{ patience: 0, root: node.root },
      }),
    ).report;
  const waits = () => [node.read('etc/iscsi/iscsid.conf'), node.read(RECORD), node.read(`${SESSION}/recovery_tmo`)];
  const before = [`# defaults\n${SETTING} = 120\nnode.startup = manual\n`, `${SETTING} = 120\n`, '120\n'];

  function loggedIn(state = 'LOGGED_IN') {
    nodeWith(debian, []);
    const [defaults = '', record, session] = before;
    node.write('etc/iscsi/iscsid.conf', defaults);
    node.write(RECORD, record);
    node.write(`${SESSION}/recovery_tmo`, session);
    node.write(`${SESSION}/state`, `${state}\n`);
    node.write(`${SESSION}/targetname`, 'iqn.2000-01.com.example:one\n');
  }

  it.each([
    ['infinity', '-1', 'off'],
    [86400, '86400', '86400'],
  ] as const)('is set to %s for new records, existing records and sessions, once', (asked, text, shown) => {
    loggedIn();
    expect(wait(asked)).toMatchObject({ result: 'changed', facts: { did: [expect.stringContaining('session3')] } });
    expect(waits()).toEqual([
      `# defaults\nnode.startup = manual\n${SETTING} = ${text}\n`,
      `${SETTING} = ${text}\n`,
      `${shown}\n`,
    ]);
    expect(node.calls()).toEqual([`${UPDATE} ${text}`]);
    expect(wait(asked)).toMatchObject({ result: 'unchanged' });
    expect(node.calls()).toEqual([]);
    expect(wait(120)).toMatchObject({ result: 'changed' });
    expect(waits()[2]).toBe('120\n');
  });

  it('is set in a file without a final newline, which keeps its mode', () => {
    loggedIn();
    const file = join(node.root, 'etc/iscsi/iscsid.conf');
    const secret = 'node.session.auth.password = example';
    node.write('etc/iscsi/iscsid.conf', secret);
    chmodSync(file, 0o600);
    wait('infinity');
    expect(waits()[0]).toBe(`${secret}\n${SETTING} = -1\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(wait('infinity')).toMatchObject({ result: 'unchanged' });
  });

  it('stays as it is if it is not described', () => {
    loggedIn();
    expect(wait()).toMatchObject({ result: 'unchanged' });
    expect(waits()).toEqual(before);
  });

  it('is set for a session that was opened before the last run', () => {
    loggedIn();
    wait('infinity');
    node.calls();
    node.write(`${SESSION}/recovery_tmo`, '120\n');
    expect(wait('infinity')).toMatchObject({ result: 'changed' });
    expect([waits()[2], node.calls()]).toEqual(['off\n', []]);
  });

  it('is not set on a node without iscsid.conf', () => {
    loggedIn();
    rmSync(join(node.root, 'etc/iscsi/iscsid.conf'));
    expect(wait('infinity')).toMatchObject({
      result: 'declined',
      reason: expect.stringContaining('it has no /etc/iscsi/iscsid.conf'),
    });
    expect(node.read(`${SESSION}/recovery_tmo`)).toBe('120\n');
  });

  it('is not set while a session is lost, because the kernel accepts no timeout for it', () => {
    loggedIn('FAILED');
    expect(wait('infinity')).toMatchObject({ result: 'declined', code: 'session-lost' });
    expect(waits()).toEqual(before);
  });

  it('is only reported if another tool manages the node', () => {
    loggedIn();
    expect(wait('infinity', 'Ansible')).toMatchObject({
      result: 'declined',
      code: 'managed',
      reason: expect.stringContaining(`${SETTING} = -1 in /etc/iscsi/iscsid.conf`),
    });
    expect(waits()).toEqual(before);
  });
});
