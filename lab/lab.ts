import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Acknowledgement, readAcknowledgements } from './acknowledged';
import { kubectl } from './control-plane/kubectl';
import type { Engine } from './engine/engine';
import { findEngine } from './engine/engine';
import { type Fault, fault } from './fault';
import type { LabMachine } from './machine';
import { sshConfig } from './machines/ssh-config';
import type { Impairment } from './machines/switch';
import { Nas } from './nas/nas';
import { Node } from './node/node';
import { whenNodesReady } from './node/ready';
import type { RunningLab } from './running-lab';
import { NAS, NODES } from './setup/specs';
import type { LabStatus } from './supervisor/protocol';

/** A NAS, two nodes and a control plane, with ways to use and to break them. */
export class Lab {
  readonly nas: Nas;
  private readonly nodes: ReadonlyMap<string, Node>;

  private constructor(
    private readonly running: RunningLab,
    private readonly engine: Engine,
    private readonly controlPlane: NonNullable<LabStatus['controlPlane']>,
  ) {
    const { supervisor, plan } = running;
    this.nas = new Nas(NAS.name, supervisor, plan.boot.keys);
    this.nodes = new Map(NODES.map(({ name }) => [name, new Node(name, supervisor, plan.boot.keys)]));
  }

  /** Takes running machines, whether or not they are up. */
  static async of(running: RunningLab): Promise<Lab> {
    const { controlPlane } = await running.status();
    if (!controlPlane) throw new Error('these machines have no control plane');
    return new Lab(running, await findEngine(), controlPlane);
  }

  /** The folder with all state of the lab. */
  get folder(): string {
    return this.running.folder;
  }

  get kubeconfig(): string {
    return this.controlPlane.kubeconfig;
  }

  /** Folder with the keys of all machines; `id` is for root on each. */
  get keys(): string {
    return this.running.plan.boot.keys;
  }

  /**
   * Writes an OpenSSH configuration that reaches machines by name and by address, for `ssh -F`, and returns the file's
   * path. It is valid until a machine is started again, which gives it another port.
   */
  async writeSshConfig(): Promise<string> {
    const file = join(this.folder, 'ssh_config');
    writeFileSync(file, sshConfig((await this.status()).machines, this.keys), { mode: 0o600 });
    return file;
  }

  /** Address of the API server. */
  get server(): string {
    return this.controlPlane.server;
  }

  /** Name of the context in the kubeconfig. */
  get context(): string {
    return this.controlPlane.context;
  }

  get allNodes(): readonly Node[] {
    return [...this.nodes.values()];
  }

  node(name: string): Node {
    const node = this.nodes.get(name);
    if (!node) throw new Error(`no node "${name}": expected ${[...this.nodes.keys()].join(' or ')}`);
    return node;
  }

  /** The NAS or a node. @throws Error for an unknown name */
  machine(name: string): LabMachine {
    const machine = name === this.nas.name ? this.nas : this.nodes.get(name);
    if (!machine) {
      throw new Error(`no machine "${name}": expected ${[this.nas.name, ...this.nodes.keys()].join(', ')}`);
    }
    return machine;
  }

  /** The rows that apps have committed, as they reported outside every machine and volume. */
  acknowledgements(): Acknowledgement[] {
    return readAcknowledgements(this.folder);
  }

  status(): Promise<LabStatus> {
    return this.running.status();
  }

  /** Runs kubectl against the lab and returns its output. @throws Error with its complaint if it fails */
  kubectl(args: readonly string[], stdin?: string): Promise<string> {
    return kubectl(this.engine.program('kubectl'), this.kubeconfig, args, stdin);
  }

  /** A kubeconfig with which a node's kubelet joins. */
  kubeletKubeconfig(node: string): Promise<string> {
    return this.running.supervisor.order('kubeletKubeconfig', { machine: node });
  }

  /** Waits until machines that resumed from a saved state are up with the right time, and every node is Ready. */
  async whenAwake(): Promise<void> {
    const since = new Date();
    await Promise.all([this.nas, ...this.allNodes].map((machine) => this.wake(machine)));
    await this.whenNodesReady({ since });
  }

  /** Waits until nodes report Ready after a point in time. */
  async whenNodesReady(options: {
    readonly since: Date;
    /** @default all */
    readonly names?: readonly string[];
    /** Whether their kubelets started after that time: then their earlier state does not count. @default false */
    readonly started?: boolean;
  }): Promise<void> {
    const { since, names = [...this.nodes.keys()], started = false } = options;
    await whenNodesReady((args) => this.kubectl(args), { names, since, started });
  }

  // Faults of the network and of power. Those of disks, LUNs and services are in the NAS and the nodes.

  /** Pulls the cable of a machine's storage network at the switch: the machine itself still sees a carrier. */
  async cutLink(name: string): Promise<Fault> {
    await this.running.supervisor.order('cut', { machine: name });
    return fault(() => this.mendLink(name));
  }

  /** Plugs the cable of a machine's storage network in again; does nothing if it is plugged in. */
  async mendLink(name: string): Promise<void> {
    await this.running.supervisor.order('mend', { machine: name });
  }

  /** Delays or drops packets between a machine and the storage network. */
  async impairLink(name: string, impairment: Impairment): Promise<Fault> {
    await this.running.supervisor.order('impair', { machine: name, impairment });
    return fault(() => this.running.supervisor.order('impair', { machine: name, impairment: {} }));
  }

  /** Cuts a machine off from the API server and from SSH. */
  async cutControl(name: string): Promise<Fault> {
    await this.running.supervisor.order('setControlLink', { machine: name, up: false });
    this.machine(name).disconnect();
    return fault(async () => {
      await this.running.supervisor.order('setControlLink', { machine: name, up: true });
      await this.machine(name).whenUp();
    });
  }

  /** Ends a machine like a power loss: what it has not written is lost. `undo` starts it and waits until it is up. */
  async powerOff(name: string): Promise<Fault> {
    this.machine(name).disconnect();
    await this.running.supervisor.order('powerOff', { machine: name });
    return fault(() => this.powerOn(name));
  }

  async powerOn(name: string): Promise<void> {
    const since = new Date();
    await this.running.supervisor.order('powerOn', { machine: name });
    await this.afterBoot(name, since);
  }

  /** Reboots a machine cleanly, and waits until it is back. */
  async reboot(name: string): Promise<void> {
    const since = new Date();
    const machine = this.machine(name);
    const before = await machine.bootId();
    await machine.tryRun('systemctl', ['--no-block', 'reboot']).catch(() => {});
    await machine.whenRebooted(before);
    await this.afterBoot(name, since);
  }

  /** Saves the current state of machines and control plane under a name. */
  async snapshot(name: string): Promise<void> {
    await this.running.supervisor.order('snapshot', { name });
    await this.whenAwake();
  }

  /** Returns to a snapshot. This also repairs faults of network and power; watches and sessions start again. */
  async restore(name: string): Promise<void> {
    this.disconnect();
    await this.running.supervisor.order('restore', { name });
    await this.whenAwake();
  }

  /** Lets the lab live on without this process. */
  detach(): void {
    this.disconnect();
    this.running.detach();
  }

  /** Ends everything and removes the folder. */
  async stop(): Promise<void> {
    this.disconnect();
    await this.running.stop();
  }

  private disconnect(): void {
    for (const machine of [this.nas, ...this.allNodes]) machine.disconnect();
  }

  private async wake(machine: LabMachine): Promise<void> {
    await machine.whenUp();
    await machine.setClock();
  }

  private async afterBoot(name: string, since: Date): Promise<void> {
    await this.machine(name).whenUp();
    if (this.nodes.has(name)) await this.whenNodesReady({ since, names: [name], started: true });
    else await this.nas.whenServing();
  }
}
