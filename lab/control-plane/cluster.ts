import { rename, rm } from 'node:fs/promises';
import type { Engine } from '../engine/engine';
import type { ApiClient } from './api-client';
import { serverAddress, startApiServer } from './api-server';
import { createObjects, whenUsable } from './bootstrap';
import { Children } from './children';
import { Egress, egressConfiguration, type KubeletAddress } from './egress';
import { checkFree, checkSaved, copyState, savedState } from './etcd-state';
import { StateFolder, type Tokens } from './files';
import { forward } from './forward';
import { writeLocalPathFiles } from './local-path';
import type { Plan } from './messages';
import { apiServer, etcd, others } from './services';

/** Processes and sockets of one control plane, held by its supervisor. */
export class Cluster {
  private readonly folder: StateFolder;
  private readonly children: Children;
  private readonly tokens: Tokens;
  private egress: Egress | undefined;
  private port: number | undefined;
  /** State is saved and loaded one after the other. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly engine: Engine,
    private readonly plan: Plan,
    onUnexpectedEnd: (name: string, log: string) => void,
  ) {
    this.folder = new StateFolder(plan.folder);
    this.children = new Children(this.folder, (name) => onUnexpectedEnd(name, this.children.lastLines(name)));
    this.tokens = plan.from ? this.folder.copyCredentials(plan.from) : this.folder.writeCredentials(plan.kubelets);
    writeLocalPathFiles(this.folder, plan.kubelets.length > 0);
  }

  get pids(): number[] {
    return this.children.pids;
  }

  /** Brings it up for the first time, and returns the address of the API server. */
  async start(): Promise<string> {
    const { folder, plan } = this;
    if (plan.from) await copyState(savedState(plan.from), folder.state);
    if (plan.kubelets.length > 0) this.egress = await Egress.listen(folder.egressSocket, plan.kubelets);
    const port = await this.startServices(async (api, answering) => {
      folder.writeKubeconfigs(serverAddress(answering), this.tokens);
      if (!plan.from) await createObjects(api, plan, this.engine.files('gateway-api'));
    });
    this.port = port;
    await forward(folder.apiSocket, port);
    return serverAddress(port);
  }

  async setKubelet(node: string, kubelet: KubeletAddress): Promise<void> {
    if (!this.egress) {
      throw new Error(`the nodes of this control plane are emulated: start it with kubelets: ['${node}'] to set one`);
    }
    await this.egress.set(node, kubelet);
  }

  /** Copies the state to a folder that is not there yet. */
  save(target: string): Promise<void> {
    return this.afterLast(async () => {
      checkFree(target);
      await this.whileStopped(() => copyState(this.folder.state, target));
    });
  }

  /** Copies the state with what proves who is who, for another control plane. */
  async export(target: string): Promise<void> {
    await this.save(savedState(target));
    this.folder.exportCredentials(target);
  }

  /** Goes back to a state that was saved. */
  load(source: string): Promise<void> {
    return this.afterLast(async () => {
      checkSaved(source);
      const { state } = this.folder;
      const next = `${state}.next`;
      await rm(next, { recursive: true, force: true });
      // Copied while all runs: with a full disk it goes on as it is.
      await copyState(source, next);
      await this.whileStopped(async () => {
        await rm(state, { recursive: true });
        await rename(next, state);
      });
    });
  }

  async end(): Promise<void> {
    await this.children.endAll();
  }

  private afterLast(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work);
    this.last = done.catch(() => {});
    return done;
  }

  /** Works on the data of etcd. Whether that fails or not, all runs again afterwards. */
  private async whileStopped(work: () => Promise<void>): Promise<void> {
    let failure: Error | undefined;
    try {
      await this.endServices();
      await work();
    } catch (error) {
      failure = error as Error;
    }
    await this.startServices().catch((error: Error) => {
      const earlier = failure ? `${failure.message}\nand then ` : '';
      throw new Error(`${earlier}the control plane did not come up again: ${error.message}`);
    });
    if (failure) throw failure;
  }

  /** All but etcd keep nothing of their own, and are used to being killed; it itself must write what it holds. */
  private async endServices(): Promise<void> {
    const names = others(this.engine, this.folder, this.plan).map(({ name }) => name);
    await Promise.all(names.map((name) => this.children.end(name, 'SIGKILL')));
    await this.children.end('kube-apiserver', 'SIGKILL');
    await this.children.end('etcd', 'SIGTERM');
  }

  /** Starts all and returns the port of the API server when the cluster is usable. */
  private async startServices(prepare?: (api: ApiClient, port: number) => Promise<void>): Promise<number> {
    const { engine, folder, children, plan } = this;
    const deadline = Date.now() + plan.timeoutSeconds * 1000;
    const egress = this.egress && folder.write('egress.yaml', egressConfiguration(folder.egressSocket));
    children.start(etcd(engine, folder));
    const { port, api } = await startApiServer({
      children,
      folder,
      deadline,
      service: (candidate) => apiServer(engine, folder, candidate, egress),
      token: this.tokens.get('admin') as string,
      ...(this.port === undefined ? {} : { port: this.port }),
    });
    try {
      const prepared = prepare?.(api, port);
      for (const service of others(engine, folder, plan)) children.start(service);
      await prepared;
      await whenUsable(api, plan.nodes, engine.files('gateway-api'), () => {
        children.assertRunning();
        if (Date.now() > deadline) throw new Error(`not usable after ${plan.timeoutSeconds} s`);
      });
    } finally {
      api.close();
    }
    return port;
  }
}
