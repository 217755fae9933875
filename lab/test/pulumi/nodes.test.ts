import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OwnSsh } from '../../../test/nodes/ssh/own-ssh';
import { StandInNode } from '../../../test/scripts/stand-in-node';
import { findEngine } from '../../engine/engine';
import { PulumiProject } from '../../project/pulumi-project';
import { SshServer } from '../engine/ssh-server';

/**
 * A stand-in node behind an SSH server: real scripts run on it, below a folder and with programs that change nothing.
 */
interface ServedNode {
  readonly machine: StandInNode;
  readonly server: SshServer;
}

let ssh: OwnSsh;
let project: PulumiProject;
const nodes: ServedNode[] = [];
const [a, b] = [() => served(0), () => served(1)];

function served(index: number): ServedNode {
  const node = nodes[index];
  if (!node) throw new Error(`no node ${index}`);
  return node;
}

async function serve(): Promise<ServedNode> {
  const machine = new StandInNode('ID=fedora\nPRETTY_NAME="Fedora Linux 42"\n', ['dnf', 'rpm']);
  machine.letIn();
  return { machine, server: await SshServer.start([], machine.environment) };
}

/** A description of both nodes: the first with a host key of its own, the second relying on known_hosts. */
function describeNodes({ managedBy = '' } = {}): string {
  return `import { defineCluster } from 'lunward';

export default defineCluster({
  context: 'home',
  namespace: { name: 'media', existing: true },
  nodes: {
    'node-a': { ssh: 'admin@node-a.example.com', hostKey: '${a().server.hostKey}' },
    'node-b': { ssh: 'admin@node-b.example.com'${managedBy && `, managedBy: '${managedBy}'`} },
    'node-c': {},
  },
  apps: {},
});
`;
}

/** Has ssh reach the servers by the names of the nodes, with a key for each. */
function configureSsh(more = ''): void {
  const hosts = nodes.map(({ server }, index) => {
    const name = index === 0 ? 'node-a' : 'node-b';
    writeFileSync(ssh.path(name), server.privateKey, { mode: 0o600 });
    return `Host ${name}.example.com\nHostName 127.0.0.1\nPort ${server.port}\nIdentityFile ${ssh.path(name)}\n`;
  });
  ssh.configure(more + hosts.join(''));
  ssh.know(`[127.0.0.1]:${b().server.port} ${b().server.hostKey}\n`);
}

/** The output of an `up` that must fail, without a stack trace. */
async function failure(...args: readonly string[]): Promise<string> {
  const { code, output } = await project.tryPulumi('up', '--yes', '--skip-preview', '--stack', 'shared', ...args);
  expect(code).not.toBe(0);
  expect(output).not.toMatch(/^\s+at .*\.js:\d+/m);
  return output;
}

beforeAll(async () => {
  const engine = await findEngine();
  ssh = new OwnSsh();
  nodes.push(await serve(), await serve());
  configureSsh();
  const kubeconfig = ssh.path('kubeconfig');
  // Nothing of this stack is in a cluster.
  const cluster = { name: 'home', cluster: { server: 'https://127.0.0.1:1' } };
  const context = { name: 'home', context: { cluster: 'home', user: 'home' } };
  const user = { name: 'home', user: { token: 'none' } };
  writeFileSync(kubeconfig, JSON.stringify({ clusters: [cluster], contexts: [context], users: [user] }));
  project = PulumiProject.create(engine, { kubeconfig }, { 'cluster.ts': describeNodes() });
  Object.assign(project.environment, {
    PATH: `${ssh.folder}:${project.environment.PATH}`,
    SSH_AUTH_SOCK: '',
  });
  await project.pulumi('stack', 'init', 'shared');
});
beforeEach(() => {
  for (const { server, machine } of nodes) {
    server.forget();
    machine.calls();
  }
});
afterAll(async () => {
  project?.remove();
  ssh?.remove();
  for (const { server, machine } of nodes) {
    await server.stop();
    machine.remove();
  }
});

const connections = () => nodes.map(({ server }) => server.connections);
const calls = () => nodes.map(({ machine }) => machine.calls());

test('nodes are left alone unless the stack is told otherwise', async () => {
  await project.up('shared');
  expect(connections()).toEqual([0, 0]);
});

test('a preview connects to none', async () => {
  await project.pulumi('config', 'set', 'nodes', 'true', '--stack', 'shared');
  const output = await project.pulumi('preview', '--stack', 'shared');
  expect(output).toMatch(/command:remote:Command\s+node-node-a\s+create/);
  expect(output).toMatch(/command:remote:Command\s+node-node-b\s+create/);
  expect(connections()).toEqual([0, 0]);
});

test('one that declines fails with its reason, and does not keep the other from being prepared', async () => {
  project.write({ 'cluster.ts': describeNodes({ managedBy: 'Ansible' }) });
  const output = await failure();
  expect(output).toContain('declined: it lacks iscsiadm, mount.nfs, rsync');
  expect(output).toContain('its packages are managed by Ansible; add\n');
  expect(output).toContain('dnf install --assumeyes iscsi-initiator-utils nfs-utils rsync');
  const [ofA, ofB] = calls();
  expect([ofA?.length, ofB]).toEqual([4, []]);
  expect(await project.exportState('shared')).not.toContain('node-node-b');
});

test('what changed for one node is done on that node', async () => {
  b().machine.set('iscsid.socket.active');
  project.write({ 'cluster.ts': describeNodes() });
  // The second node gives itself the name that the first one has.
  const output = await failure();
  expect(output).toMatch(
    /node node-b has the initiator name of node-a: iqn\.2016-04\.com\.open-iscsi:made\s+give it one/,
  );
  expect(connections()).toEqual([0, 1]);
  expect(calls()[1]).toContain('systemctl --quiet enable iscsid.socket');
  const [, command = ''] = /check them again: `pulumi (.*)`/.exec(output) ?? [];
  expect(command).toMatch(/--replace '\S+node-node-a' --replace '\S+node-node-b'$/);

  b().machine.write('etc/iscsi/initiatorname.iscsi', 'InitiatorName=iqn.2000-01.com.example:b\n');
  expect(await failure()).toContain('has the initiator name of');
  expect(connections()).toEqual([0, 1]);
  await project.pulumi(...command.replaceAll("'", '').split(' '), '--yes', '--skip-preview');
  expect(connections()).toEqual([1, 2]);
  expect(calls()).toEqual([[], []]);
});

test('a second `up` connects to none, and the names are told', async () => {
  expect(await project.up('shared')).toMatch(/Resources:\s+\d+ unchanged/);
  expect(connections()).toEqual([0, 0]);
  const names = await project.pulumi('stack', 'output', 'initiatorNames', '--json', '--stack', 'shared');
  expect(JSON.parse(names)).toEqual({
    'node-a': 'iqn.2016-04.com.open-iscsi:made',
    'node-b': 'iqn.2000-01.com.example:b',
  });
});

test('who manages a node is told to that node alone', async () => {
  project.write({ 'cluster.ts': describeNodes({ managedBy: 'Ansible' }) });
  expect(await project.up('shared')).toMatch(/~ 1 updated/);
  expect([connections(), calls()]).toEqual([
    [0, 1],
    [[], []],
  ]);
});

test('no private key is in the state, nor anything but a script on the way to a node', async () => {
  const state = await project.exportState('shared');
  for (const { server } of nodes) {
    const [, line = ''] = server.privateKey.split('\n');
    expect(line.length).toBeGreaterThan(32);
    expect(state).not.toContain(line);
    expect(state).not.toContain(JSON.stringify(server.privateKey).slice(1, -1));
  }
  expect(state).toContain('ciphertext');
});

test('a node that shows another host key is sent nothing', async () => {
  ssh.know(`[127.0.0.1]:${b().server.port} ${a().server.hostKey}\n`);
  expect(await failure()).toContain('host key mismatch');
  expect(b().server.commands).toEqual([]);
  configureSsh();
});

test('every node that Pulumi has no way to is told of at once, with what to do instead', async () => {
  configureSsh('Host *.example.com\nProxyJump bastion\n');
  const output = await failure();
  for (const node of ['node-a', 'node-b']) {
    expect(output).toContain(`node ${node} (admin@${node}.example.com) is reached through ProxyJump bastion`);
  }
  expect(output).toContain('prepare it with "lunward nodes"');
  configureSsh();
});

test('nodes that leave the stack stay as they are', async () => {
  await project.pulumi('config', 'set', 'nodes', 'false', '--stack', 'shared');
  expect(await project.up('shared')).toMatch(/- \d deleted/);
  expect(connections()).toEqual([0, 0]);
});
