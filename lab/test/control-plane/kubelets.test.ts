import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';
import { asKubelet, itself, node, serveLogs } from './machine-side';

const NODES = '/api/v1/nodes';

let controlPlane: ControlPlane;

beforeAll(async () => {
  controlPlane = await startControlPlane({ kubelets: ['node-a', 'node-b'] });
});
afterAll(() => controlPlane?.stop());

describe('a control plane for real kubelets', () => {
  it('emulates nothing and waits for nobody', async () => {
    expect(await controlPlane.kubectl(['get', 'nodes', '-o', 'name'])).toBe('');
    expect(controlPlane.pids()).toHaveLength(6);
  });

  it('tells names that can not be', async () => {
    await expect(startControlPlane({ kubelets: ['node-a'], nodes: ['node-a'] })).rejects.toThrow('named twice');
    await expect(startControlPlane({ kubelets: ['Node,A'] })).rejects.toThrow('expected a name');
    await expect(startControlPlane({ folder: `/tmp/${'long/'.repeat(20)}` })).rejects.toThrow(/107 at most: choose/);
    expect(() => controlPlane.kubeletKubeconfig('node-c')).toThrow('no kubelet "node-c"');
  });

  it('lets a kubelet in by the socket, as itself', async () => {
    expect(controlPlane.kubeletKubeconfig('node-a')).toContain('server: https://10.0.2.100:6443');
    const created = await asKubelet(controlPlane, 'node-a', 'POST', NODES, node('node-a', '192.0.2.210'));
    expect(created).toMatchObject({ status: 201 });
    await asKubelet(controlPlane, 'node-b', 'POST', NODES, node('node-b', '192.0.2.211'));
    const { body } = await asKubelet(controlPlane, 'node-a', 'GET', itself('node-a'));
    expect(body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).toEqual(['node-a']);
  });

  it('holds a kubelet to its own node', async () => {
    const patch = { metadata: { annotations: { touched: 'yes' } } };
    expect(await asKubelet(controlPlane, 'node-a', 'PATCH', `${NODES}/node-a`, patch)).toMatchObject({ status: 200 });
    const refused = await asKubelet(controlPlane, 'node-a', 'PATCH', `${NODES}/node-b`, patch);
    expect(refused).toMatchObject({ status: 403 });
    expect(refused.body.message).toContain('not allowed to modify node "node-b"');
    for (const path of [itself('node-b'), NODES, '/api/v1/secrets']) {
      expect(await asKubelet(controlPlane, 'node-a', 'GET', path)).toMatchObject({ status: 403 });
    }
  });

  it('survives a storm of connections', async () => {
    const pids = controlPlane.pids();
    const sockets: Socket[] = [];
    for (let number = 0; number < 2000; number++) {
      const socket = connect(controlPlane.socket);
      socket.on('error', () => {});
      socket.write('no TLS at all\n');
      sockets.push(socket);
    }
    await sleep(500);
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(() => asKubelet(controlPlane, 'node-a', 'GET', itself('node-a')).catch(() => undefined), {
        timeout: 240_000,
      })
      .toMatchObject({ status: 200 });
    expect(controlPlane.pids()).toEqual(pids);
  });

  it('has helper pods of node-local storage that can really run', async () => {
    await controlPlane.kubectl(['apply', '-f', '-'], POD_WITH_CLAIM);
    const helpers = async () =>
      JSON.parse(await controlPlane.kubectl(['get', 'pods', '-n', 'local-path-storage', '-o', 'json'])).items;
    await expect.poll(helpers, { timeout: 240_000 }).toHaveLength(1);
    const [{ spec }] = await helpers();
    expect(spec.nodeName).toBe('node-a');
    expect(spec.containers).toMatchObject([
      { image: 'lab/busybox:1', imagePullPolicy: 'IfNotPresent', command: ['/bin/sh', '/script/setup'] },
    ]);
    const scripts = [
      'get',
      'configmap',
      'local-path-config',
      '-n',
      'local-path-storage',
      '-o',
      'jsonpath={.data.setup}',
    ];
    expect(await controlPlane.kubectl(scripts)).toContain('mkdir -m 0777 -p "$VOL_DIR"');
  });
});

describe('the way to a kubelet', () => {
  const logs = () => controlPlane.kubectl(['logs', 'app']);

  beforeAll(async () => {
    await controlPlane.kubectl(['apply', '-f', '-'], BOUND_POD);
  });

  it('is not there before it is set', async () => {
    await expect(logs()).rejects.toThrow('502 no kubelet is at 192.0.2.210:10250, known are: none');
  });

  it('leads to the machine, and to its next port as soon as that is set', async () => {
    const first = await serveLogs(controlPlane, 'first');
    const second = await serveLogs(controlPlane, 'second');
    await controlPlane.setKubelet('node-b', { address: '192.0.2.211', port: second.port });
    for (const { port, text } of [
      { port: first.port, text: 'first' },
      { port: second.port, text: 'second' },
      { port: first.port, text: 'first' },
    ]) {
      await controlPlane.setKubelet('node-a', { address: '192.0.2.210', port });
      expect(await logs()).toBe(`${text} /containerLogs/default/app/app\n`);
      expect(await logs()).toContain(text);
    }
    first.server.close();
    first.server.closeAllConnections();
    await expect(logs()).rejects.toThrow(/502 the machine of node-a does not answer: connect ECONNREFUSED/);
    await controlPlane.setKubelet('node-a', { address: '192.0.2.210', port: second.port });
    expect(await logs()).toContain('second');
    second.server.close();
    second.server.closeAllConnections();
  });

  it('is checked', async () => {
    const set = (name: string, address: string, port: number) => controlPlane.setKubelet(name, { address, port });
    await expect(set('node-c', '192.0.2.212', 1)).rejects.toThrow('no kubelet "node-c"');
    await expect(set('node-a', 'localhost', 1)).rejects.toThrow('expected the IPv4 address');
    await expect(set('node-a', '192.0.2.210', 0)).rejects.toThrow('expected a port from 1 to 65535, got 0');
    await expect(set('node-a', '192.0.2.211', 1)).rejects.toThrow('is the address of node-b');
  });

  it('leads to no Service: a webhook there says so', async () => {
    await controlPlane.kubectl(['apply', '-f', '-'], WEBHOOK);
    const create = () => controlPlane.kubectl(['create', 'configmap', 'watched', '--dry-run=server']);
    await expect
      .poll(() => create().catch(String), { timeout: 240_000 })
      .toMatch(/502 no kubelet is at 10\.96\.0\.77:443/);
    await controlPlane.kubectl(['delete', 'validatingwebhookconfiguration', 'nobody']);
  });
});

const POD_WITH_CLAIM = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: cache }
spec: { storageClassName: local-path, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: with-claim }
spec:
  nodeSelector: { kubernetes.io/hostname: node-a }
  containers: [{ name: app, image: 'example.com/app:1', volumeMounts: [{ name: cache, mountPath: /cache }] }]
  volumes: [{ name: cache, persistentVolumeClaim: { claimName: cache } }]
`;

const BOUND_POD = `
apiVersion: v1
kind: Pod
metadata: { name: app }
spec:
  nodeName: node-a
  containers: [{ name: app, image: 'example.com/app:1' }]
`;

const WEBHOOK = `
apiVersion: v1
kind: Service
metadata: { name: nobody }
spec: { clusterIP: 10.96.0.77, ports: [{ port: 443 }] }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: nobody }
webhooks:
  - name: nobody.example.com
    clientConfig: { service: { name: nobody, namespace: default } }
    rules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }]
    sideEffects: None
    admissionReviewVersions: [v1]
    objectSelector: {}
`;
