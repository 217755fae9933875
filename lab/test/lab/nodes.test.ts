import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PulumiProject } from '../../project/pulumi-project';
import { createFormatted, logIn, logOut, useLab } from './fixture';
import { Operator } from './operator';

const IQN = 'iqn.2000-01.com.example:in-use';

const fixture = useLab();
let operator: Operator;

/** The public host key of a machine, in the format of known_hosts. */
const hostKey = (name: string) =>
  readFileSync(join(fixture.lab.keys, `${name}.host_key.pub`), 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ')
    .trim();

function describeNodes({ hostKeyOfA = hostKey('node-a'), managedBy = '' } = {}): string {
  return `import { defineCluster } from 'lunward';

export default defineCluster({
  context: 'home',
  nodes: {
    'node-a': { ssh: 'admin@192.0.2.210', hostKey: '${hostKeyOfA}' },
    'node-b': { ssh: 'root@192.0.2.211'${managedBy && `, managedBy: '${managedBy}'`} },
  },
  namespace: 'media',
  apps: {},
});
`;
}

function lunward(command: string, description = describeNodes()) {
  operator.describe(description);
  return operator.lunward(command);
}

/** Start times and process numbers of services. */
function services(name: string, ...more: readonly string[]): Promise<string> {
  const units = ['kubelet', 'containerd', 'ssh', 'systemd-journald', 'systemd-udevd', 'dbus', ...more];
  return fixture.lab
    .node(name)
    .run('systemctl', ['show', '--property', 'Id,MainPID,ActiveEnterTimestampMonotonic', ...units]);
}

beforeAll(async () => {
  operator = await Operator.of(fixture.lab);
});
afterAll(() => {
  operator?.remove();
});

describe('lunward nodes', () => {
  it('installs what is missing, restarts nothing, and only inspects nodes that others manage', async () => {
    const [a, b] = [fixture.lab.node('node-a'), fixture.lab.node('node-b')];
    await Promise.all([a.removePackages(['open-iscsi', 'rsync']), b.removePackages(['rsync'])]);
    const before = [await services('node-a'), await services('node-b')];
    const { code, stdout, stderr } = await lunward('nodes', describeNodes({ managedBy: 'Ansible' }));
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^node-a {2}changed {4}installed open-iscsi, rsync/);
    expect(stdout).toContain(
      [
        'node-b  declined   it lacks rsync, and its packages are managed by Ansible; add',
        '    apt-get install --yes --no-install-recommends rsync',
        '    or with Ansible:',
        '    - ansible.builtin.package: { name: [rsync], state: present }\n',
      ].join('\n'),
    );
    expect([await services('node-a'), await services('node-b')]).toEqual(before);
    expect((await a.run('systemctl', ['is-enabled', 'iscsid.socket'])).trim()).toBe('enabled');
    expect((await a.run('systemctl', ['is-active', 'iscsid.socket'])).trim()).toBe('active');
    expect(await a.initiatorName()).toMatch(/^iqn\.1993-08\.org\.debian:01:/);
    expect(await a.tryRun('iscsiadm', ['-m', 'session'])).toMatchObject({ code: 21 });
    expect(await a.tryRun('iscsiadm', ['-m', 'node'])).toMatchObject({ code: 21 });
    expect((await b.tryRun('which', ['rsync'])).code).toBe(1);
  });

  it('completes an interrupted installation, and then changes nothing', async () => {
    const b = fixture.lab.node('node-b');
    await b.run('bash', ['-c', 'dpkg --unpack /opt/lab/packages/rsync_*.deb']);
    const first = await lunward('nodes');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^node-a {2}unchanged {2}iqn\.\S+\nnode-b {2}changed {4}installed rsync\n$/);
    expect(await b.run('dpkg-query', ['--status', 'rsync'])).toContain('Status: install ok installed');
    const second = await lunward('nodes');
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toMatch(/^node-a {2}unchanged {2}iqn\.\S+\nnode-b {2}unchanged {2}iqn\.\S+\n$/);
    expect(await lunward('doctor')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing is wrong') });
  });

  it('leaves a session as it is, and the initiator that holds it', async () => {
    const b = fixture.lab.node('node-b');
    await createFormatted(fixture.lab, IQN);
    await logIn(b, IQN);
    await b.removePackages(['sqlite3']);
    const before = [await services('node-b', 'iscsid'), await b.run('iscsiadm', ['-m', 'session'])];
    expect((await lunward('nodes')).stdout).toContain('node-b  changed    installed sqlite3\n');
    expect([await services('node-b', 'iscsid'), await b.run('iscsiadm', ['-m', 'session'])]).toEqual(before);
    await logOut(b, IQN);
  });

  it('reports nodes with the same initiator name', async () => {
    const clone = await fixture.lab.node('node-b').cloneIdentityOf(fixture.lab.node('node-a'));
    const { code, stdout } = await lunward('nodes');
    await clone.undo();
    expect(code).toBe(1);
    expect(stdout).toContain('error: node-b has the initiator name of node-a: iqn.');
  });

  it('connects to no node with another host key than described', async () => {
    const description = describeNodes({ hostKeyOfA: hostKey('node-b') });
    for (const command of ['nodes', 'doctor']) {
      const { code, stdout } = await lunward(command, description);
      expect(code).toBe(1);
      expect(stdout).toContain('did not begin: its host key is another one than the hostKey of the description');
      expect(stdout).toContain('node-b');
    }
  });
});

describe('the stack shared', () => {
  let project: PulumiProject;
  // Nothing of this stack is in the cluster.
  const describeStack = (more = {}) =>
    describeNodes(more).replace("namespace: 'media'", "namespace: { name: 'default', existing: true }");

  beforeAll(async () => {
    project = PulumiProject.create(fixture.engine, fixture.lab, { 'cluster.ts': describeStack() });
    const { PATH = '' } = project.environment;
    Object.assign(project.environment, { PATH: `${operator.ssh.folder}${delimiter}${PATH}`, SSH_AUTH_SOCK: '' });
    await project.pulumi('stack', 'init', 'shared');
    await project.pulumi('config', 'set', 'nodes', 'true', '--stack', 'shared');
  });
  afterAll(() => project?.remove());

  it('prepares nodes once, and restarts nothing', async () => {
    const [a, b] = [fixture.lab.node('node-a'), fixture.lab.node('node-b')];
    await Promise.all([a.removePackages(['rsync']), b.removePackages(['sqlite3'])]);
    const before = [await services('node-a'), await services('node-b')];
    expect(await project.pulumi('preview', '--stack', 'shared')).toMatch(/node-node-a\s+create/);
    expect((await a.tryRun('which', ['rsync'])).code).toBe(1);
    await project.up('shared');
    await Promise.all([a.run('which', ['rsync']), b.run('which', ['sqlite3'])]);
    expect([await services('node-a'), await services('node-b')]).toEqual(before);
    const names = await project.pulumi('stack', 'output', 'initiatorNames', '--json', '--stack', 'shared');
    expect(JSON.parse(names)).toEqual({ 'node-a': await a.initiatorName(), 'node-b': await b.initiatorName() });
    expect(await project.up('shared')).toMatch(/Resources:\s+\d+ unchanged/);
    expect((await lunward('nodes')).stdout).toMatch(/^node-a {2}unchanged .*\nnode-b {2}unchanged .*\n$/);
  });

  it('keeps the key that it logs in with out of its state', async () => {
    const [, line = ''] = readFileSync(join(fixture.lab.keys, 'id'), 'utf8').split('\n');
    expect(line.length).toBeGreaterThan(32);
    const state = await project.exportState('shared');
    expect(state).not.toContain(line);
    expect(state).toContain('ciphertext');
  });

  it('fails with the reason of a node that declines, and leaves it as it is', async () => {
    const b = fixture.lab.node('node-b');
    await b.removePackages(['rsync']);
    project.write({ 'cluster.ts': describeStack({ managedBy: 'Ansible' }) });
    const { code, output } = await project.tryPulumi('up', '--yes', '--skip-preview', '--stack', 'shared');
    expect(code).not.toBe(0);
    expect(output).toContain('declined: it lacks rsync, and its packages are managed by Ansible; add\n');
    expect(output).toContain('apt-get install --yes --no-install-recommends rsync\n');
    expect((await b.tryRun('which', ['rsync'])).code).toBe(1);
    expect((await lunward('nodes')).stdout).toContain('node-b  changed    installed rsync\n');
    expect(await project.up('shared')).toMatch(/~ 1 updated/);
  });
});
