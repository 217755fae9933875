import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer } from '../../control-plane/api-server';
import { Children } from '../../control-plane/children';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';
import { StateFolder } from '../../control-plane/files';
import { identify, isAlive } from '../../engine/process-identity';
import { runningProgram } from '../process';
import { until } from '../until';
import { asKubelet, itself } from './machine-side';

const base = mkdtempSync(join(tmpdir(), 'lunward-state-'));
const saved = (name: string) => join(base, 'states', name);

afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('the state of a control plane', () => {
  let controlPlane: ControlPlane;
  let atSave: string;

  const settings = (...args: string[]) => controlPlane.kubectl(['get', 'configmap', 'settings', '-o', ...args]);
  const listing = () => controlPlane.kubectl(['get', 'configmaps,namespaces,services', '-o', 'yaml']);

  beforeAll(async () => {
    controlPlane = await startControlPlane({ nodes: ['node-a'], kubelets: ['machine'] });
    await controlPlane.kubectl(['create', 'configmap', 'settings', '--from-literal=level=1']);
    await controlPlane.kubectl(['create', 'configmap', 'other', '--from-literal=here=yes']);
    await controlPlane.kubectl(['create', 'deployment', 'app', '--image=example.com/app:1']);
    await controlPlane.kubectl(['rollout', 'status', 'deployment/app', '--timeout=240s']);
    // The last that the cluster adds by itself to what is compared below.
    await until('kube-root-ca.crt', 240, async () => (await listing()).includes('name: kube-root-ca.crt'));
  });
  afterAll(() => controlPlane?.stop());

  it('is saved while nothing runs, and all runs again with the same address and credentials', async () => {
    const before = controlPlane.pids().map(identify);
    atSave = await listing();
    await controlPlane.save(saved('one'));
    expect(await listing()).toBe(atSave);
    expect(before.filter(isAlive)).toEqual(before.slice(0, 1));
    expect(controlPlane.pids()).toHaveLength(before.length);
    expect(controlPlane.pids().map(identify).every(isAlive)).toBe(true);
    expect(await asKubelet(controlPlane, 'machine', 'GET', itself('machine'))).toMatchObject({ status: 200 });
    expect(statSync(saved('one')).mode & 0o777).toBe(0o700);
    expect(existsSync(`${saved('one')}.draft`)).toBe(false);
  });

  it('is back after a load, whatever was changed', async () => {
    await controlPlane.kubectl(['patch', 'configmap', 'settings', '-p', '{"data":{"level":"2"}}']);
    await controlPlane.kubectl(['delete', 'configmap', 'other']);
    await controlPlane.kubectl(['create', 'namespace', 'later']);
    await controlPlane.save(saved('two'));
    await controlPlane.load(saved('one'));
    expect(await listing()).toBe(atSave);
    await controlPlane.load(saved('two'));
    expect(await settings('jsonpath={.data.level}')).toBe('2');
    await controlPlane.kubectl(['get', 'namespace', 'later']);
    await expect(controlPlane.kubectl(['get', 'configmap', 'other'])).rejects.toThrow('not found');
  });

  it('is the same three times in a row', async () => {
    await controlPlane.load(saved('one'));
    const first = await settings('yaml');
    expect(first).toMatch(/resourceVersion: "\d+"\n {2}uid: /);
    for (let time = 0; time < 3; time++) {
      await controlPlane.kubectl(['patch', 'configmap', 'settings', '-p', `{"data":{"level":"time ${time}"}}`]);
      await controlPlane.load(saved('one'));
      expect(await settings('yaml')).toBe(first);
    }
  });

  it('is worked on after a load: a new deployment gets its pods', async () => {
    await controlPlane.load(saved('one'));
    await controlPlane.kubectl(['scale', 'deployment/app', '--replicas=3']);
    await controlPlane.kubectl(['rollout', 'status', 'deployment/app', '--timeout=240s']);
    await controlPlane.kubectl(['create', 'deployment', 'new', '--image=example.com/app:1']);
    await controlPlane.kubectl(['rollout', 'status', 'deployment/new', '--timeout=240s']);
  });

  it('is neither saved over something nor loaded from nothing, and that stops nothing', async () => {
    const before = controlPlane.pids();
    await expect(controlPlane.save(saved('one'))).rejects.toThrow(/it is there already; remove it/);
    await expect(controlPlane.load(saved('none'))).rejects.toThrow('expected a folder that save() made');
    mkdirSync(saved('empty'));
    await expect(controlPlane.load(saved('empty'))).rejects.toThrow('expected a folder that save() made');
    expect(controlPlane.pids()).toEqual(before);
    await controlPlane.kubectl(['get', 'nodes']);
  });

  it('waits for its port when another program took it meanwhile', async () => {
    const { port } = new URL(controlPlane.server);
    const log = () => readFileSync(join(controlPlane.folder, 'kube-apiserver.log'), 'utf8');
    const before = log().length;
    // As long as etcd does not end, the API server, which has ended, is not started again.
    const etcd = runningProgram(controlPlane.pids(), 'etcd');
    process.kill(etcd, 'SIGSTOP');
    const saving = controlPlane.save(saved('three'));
    let done = false;
    void saving.finally(() => {
      done = true;
    });
    const thief = createServer();
    thief.on('error', () => {});
    while (!thief.listening && !done) {
      thief.listen(Number(port), '127.0.0.1');
      await sleep(2);
    }
    expect(thief.listening).toBe(true);
    process.kill(etcd, 'SIGCONT');
    await until('its port is taken', 120, () => log().slice(before).includes('address already in use'));
    expect(done).toBe(false);
    thief.close();
    await saving;
    await controlPlane.kubectl(['get', 'nodes']);
  });

  it('is not there half when it is killed meanwhile', async () => {
    // So many files that this process sees the copy begin long before it ends.
    const ballast = join(controlPlane.folder, 'etcd', 'ballast');
    mkdirSync(ballast);
    for (let number = 0; number < 20_000; number++) writeFileSync(join(ballast, String(number)), '');
    let done = false;
    const saving = controlPlane.save(saved('four'));
    const failure = saving.then(
      () => 'it was done',
      (error: Error) => error.message,
    );
    void failure.finally(() => {
      done = true;
    });
    while (!existsSync(`${saved('four')}.draft`) && !done) await sleep(1);
    process.kill(controlPlane.pids()[0] as number, 'SIGKILL');
    expect(await failure).toContain('its supervisor ended before it was done');
    expect(existsSync(saved('four'))).toBe(false);
    await expect(controlPlane.save(saved('five'))).rejects.toThrow('stopped, detached or killed');
    rmSync(controlPlane.folder, { recursive: true, force: true });
  });
});

describe('an API server that must have its port', () => {
  it('says when it does not get it', async () => {
    const path = join(base, 'server');
    mkdirSync(path);
    const folder = new StateFolder(path);
    const children = new Children(folder, () => {});
    const started = startApiServer({
      children,
      folder,
      service: () => ({
        name: 'kube-apiserver',
        program: 'sh',
        args: ['-c', 'echo "listen tcp 127.0.0.1:4: bind: address already in use"; exit 1'],
      }),
      token: '',
      port: 4,
      deadline: Date.now() + 10_000,
    });
    await expect(started).rejects.toThrow("can't have its port 4 back: another program took it");
  });
});
