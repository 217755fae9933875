import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';
import { removeLeftovers } from '../../control-plane/leftovers';
import { run } from '../../engine/run';
import { isRunning } from '../process';
import { until } from '../until';

const JITI = join(__dirname, '../../../node_modules/jiti/lib/jiti-cli.mjs');

describe('a control plane', () => {
  let controlPlane: ControlPlane;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
  });
  afterAll(() => controlPlane?.stop());

  it('has ready nodes and a service account', async () => {
    const nodes = await controlPlane.kubectl(['get', 'nodes', '--no-headers']);
    expect(nodes).toMatch(/^node-a\s+Ready/m);
    expect(nodes).toMatch(/^node-b\s+Ready/m);
    await controlPlane.kubectl(['get', 'serviceaccount', 'default']);
    expect(await controlPlane.kubectl(['config', 'current-context'])).toBe(`${controlPlane.context}\n`);
  });

  it('makes pods ready and binds node-local claims', async () => {
    await controlPlane.kubectl(['apply', '-f', '-'], DEPLOYMENT_WITH_CLAIM);
    await controlPlane.kubectl(['rollout', 'status', 'deployment/app', '--timeout=240s']);
    const claim = await controlPlane.kubectl(['get', 'pvc', 'cache', '-o', 'jsonpath={.status.phase}']);
    expect(claim).toBe('Bound');
    await controlPlane.kubectl(['delete', 'deployment/app', 'pvc/cache', '--timeout=240s']);
  });

  it('validates objects of the Gateway API', async () => {
    const dryRun = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'];
    await controlPlane.kubectl(dryRun, ROUTE);
    await expect(controlPlane.kubectl(dryRun, ROUTE.replace('port: 80', 'port: eighty'))).rejects.toThrow('port');
  });

  it('says what kubectl complained of', async () => {
    await expect(controlPlane.kubectl(['get', 'pod', 'nobody'])).rejects.toThrow('not found');
  });

  it('listens on the loopback only, with its secrets in files of its own', async () => {
    expect(new URL(controlPlane.server).hostname).toBe('127.0.0.1');
    expect(statSync(controlPlane.folder).mode & 0o777).toBe(0o700);
    expect(statSync(controlPlane.kubeconfig).mode & 0o777).toBe(0o600);
    const tokens = readFileSync(join(controlPlane.folder, 'tokens.csv'), 'utf8').match(/[0-9a-f]{48}/g) ?? [];
    expect(tokens.length).toBeGreaterThan(3);
    for (const pid of controlPlane.pids()) {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      for (const token of tokens) expect(command).not.toContain(token);
    }
  });

  it('runs beside another one, and stops without a trace', async () => {
    const other = await startControlPlane({ nodes: ['alone'] });
    expect(other.server).not.toBe(controlPlane.server);
    expect(await other.kubectl(['get', 'nodes', '-o', 'name'])).toBe('node/alone\n');
    const otherPids = other.pids();
    await other.stop();
    expect(otherPids.filter(isRunning)).toEqual([]);
    expect(existsSync(other.folder)).toBe(false);
    await controlPlane.kubectl(['get', 'nodes']);
  });
});

describe('a control plane whose owner is killed', () => {
  // A temporary folder of its own: starting a control plane removes leftovers of others from the temporary folder.
  const temporary = mkdtempSync(join(tmpdir(), 'lunward-owner-'));
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  async function startOwner(): Promise<{ owner: ChildProcess; pids: number[]; folder: string }> {
    const owner = spawn(process.execPath, [JITI, join(__dirname, 'owner.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: temporary },
    });
    const line = await new Promise<string>((resolve, reject) => {
      owner.stdout?.once('data', (data: Buffer) => resolve(String(data)));
      owner.once('exit', (code) => reject(new Error(`the owner ended with ${code}`)));
    });
    return { owner, ...(JSON.parse(line) as { pids: number[]; folder: string }) };
  }

  it('ends with it and leaves nothing', async () => {
    const { owner, pids, folder } = await startOwner();
    expect(pids).toHaveLength(7);
    expect(pids.every(isRunning)).toBe(true);
    owner.kill('SIGKILL');
    await until('all processes gone', 60, () => !pids.some(isRunning));
    await until('folder gone', 60, () => !existsSync(folder));
  });

  it('ends when its supervisor is killed, and the next one removes what is left', async () => {
    const { owner, pids, folder } = await startOwner();
    process.kill(pids[0] as number, 'SIGKILL');
    await until('all processes gone', 60, () => !pids.some(isRunning));
    owner.kill('SIGKILL');
    expect(existsSync(folder)).toBe(true);
    removeLeftovers(temporary);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('leftovers', () => {
  it('are told from what is just being started', () => {
    const base = mkdtempSync(join(tmpdir(), 'lunward-leftovers-'));
    const folders = ['young', 'old', 'dead'].map((name) => join(base, `lunward-control-plane-${name}`));
    for (const folder of folders) mkdirSync(folder);
    const [young, old, dead] = folders as [string, string, string];
    writeFileSync(join(dead, 'supervisor.json'), JSON.stringify({ pid: process.pid, start: 'of another process' }));
    utimesSync(old, 0, 0);
    removeLeftovers(base);
    expect([young, old, dead].map((folder) => existsSync(folder))).toEqual([true, false, false]);
    rmSync(base, { recursive: true });
  });
});

describe('the command', () => {
  const runtime = mkdtempSync(join(tmpdir(), 'lunward-runtime-'));
  const command = (verb: string) =>
    run(process.execPath, [JITI, join(__dirname, '../../control-plane/main.ts'), verb], {
      env: { ...process.env, XDG_RUNTIME_DIR: runtime },
      timeoutSeconds: 300,
    });
  afterAll(async () => {
    await command('down');
    rmSync(runtime, { recursive: true, force: true });
  });

  it('brings one up that stays, twice is fine, and takes it down', async () => {
    expect((await command('status')).code).toBe(1);
    expect(await command('up')).toMatchObject({ code: 0 });
    const again = await command('up');
    expect(again.stdout).toContain('up already');
    const kubeconfig = /kubeconfig: (.*)/.exec(again.stdout)?.[1] ?? '';
    expect(existsSync(kubeconfig)).toBe(true);
    expect((await command('status')).code).toBe(0);
    expect((await command('down')).code).toBe(0);
    expect(existsSync(kubeconfig)).toBe(false);
    expect((await command('down')).code).toBe(0);
  });

  it('says what it expects', async () => {
    const answer = await command('sideways');
    expect(answer.code).toBe(2);
    expect(answer.stderr).toContain('expected up, down or status, got "sideways"');
  });
});

const DEPLOYMENT_WITH_CLAIM = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: cache }
spec: { storageClassName: local-path, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: app }
spec:
  selector: { matchLabels: { app: app } }
  template:
    metadata: { labels: { app: app } }
    spec:
      containers: [{ name: app, image: 'example.com/app:1', volumeMounts: [{ name: cache, mountPath: /cache }] }]
      volumes: [{ name: cache, persistentVolumeClaim: { claimName: cache } }]
`;

const ROUTE = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: app }
spec:
  parentRefs: [{ name: gateway }]
  hostnames: [app.example.com]
  rules: [{ backendRefs: [{ name: app, port: 80 }] }]
`;
