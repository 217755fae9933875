import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ACKNOWLEDGED } from '../acknowledged';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane';
import { KUBELET_PORT } from '../control-plane/egress';
import { CONTEXT } from '../control-plane/files';
import { FORWARDS } from '../machines/arguments';
import { Machine } from '../machines/machine';
import { Switch } from '../machines/switch';
import { Acknowledgements } from './acknowledgements';
import { createDisks, savedControlPlane, savedMemory } from './disks';
import type { LabPlan, LabStatus } from './protocol';
import type { Handlers } from './server';

/** The machines of a lab with what lies between them. */
export class LabService {
  private readonly machines: ReadonlyMap<string, Machine>;
  private readonly network = new Switch();
  private controlPlane: ControlPlane | undefined;
  private acknowledgements: Acknowledgements | undefined;

  constructor(private readonly plan: LabPlan) {
    this.machines = new Map(
      plan.machines.map((spec) => [spec.name, new Machine(spec, plan.folder, plan.boot, plan.accelerator)]),
    );
  }

  /** Resolves when every machine runs and the API server answers; nothing is up inside by then. */
  async start(): Promise<void> {
    const { folder, kubelets } = this.plan;
    await createDisks(this.plan);
    this.acknowledgements = await Acknowledgements.listen(
      join(folder, FORWARDS.acknowledge.socket),
      join(folder, ACKNOWLEDGED),
    );
    for (const name of this.machines.keys()) await this.network.open(name, join(folder, name, 'switch.sock'));
    const [controlPlane] = await Promise.all([
      kubelets ? this.startControlPlane(kubelets) : undefined,
      ...[...this.machines.values()].map((machine) =>
        machine.powerOn(this.plan.saved && savedMemory(this.plan.saved, machine.spec.name)),
      ),
    ]);
    this.controlPlane = controlPlane;
    for (const name of kubelets ?? []) await this.tellPort(this.machine(name));
  }

  private startControlPlane(kubelets: readonly string[]): Promise<ControlPlane> {
    const folder = join(this.plan.folder, 'control-plane');
    mkdirSync(folder, { mode: 0o700 });
    return startControlPlane({
      kubelets,
      folder,
      ...(this.plan.saved ? { from: savedControlPlane(this.plan.saved) } : {}),
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.machines.values()].map((machine) => machine.powerOff()));
    this.network.close();
    await this.acknowledgements?.close();
    await this.controlPlane?.stop();
  }

  readonly handlers: Omit<Handlers, 'stop'> = {
    status: async () => this.status(),
    powerOn: async ({ machine }) => {
      await this.machine(machine).powerOn();
      await this.tellPort(this.machine(machine));
    },
    powerOff: async ({ machine }) => this.machine(machine).powerOff(),
    cut: async ({ machine }) => this.network.cut(machine),
    mend: async ({ machine }) => this.network.mend(machine),
    impair: async ({ machine, impairment }) => this.network.impair(machine, impairment),
    setControlLink: async ({ machine, up }) => this.machine(machine).setControlLink(up),
    kubeletKubeconfig: async ({ machine }) => this.requiredControlPlane().kubeletKubeconfig(machine),
    snapshot: async ({ name }) => this.snapshot(name),
    restore: async ({ name }) => this.restore(name),
    saveTo: async ({ folder }) => this.saveTo(folder),
  };

  private async status(): Promise<LabStatus> {
    const { controlPlane } = this;
    const machines = [...this.machines.values()].map((machine) => ({
      name: machine.spec.name,
      address: machine.spec.address,
      isRunning: machine.isRunning,
      ...(machine.pid ? { pid: machine.pid } : {}),
      ports: Object.fromEntries(machine.spec.ports.map((port) => [port, machine.hostPort(port)])),
    }));
    const pids = [process.pid, ...machines.flatMap(({ pid }) => pid ?? []), ...((await controlPlane?.pids()) ?? [])];
    return {
      folder: this.plan.folder,
      accelerator: this.plan.accelerator,
      machines,
      ...(controlPlane
        ? { controlPlane: { server: controlPlane.server, kubeconfig: controlPlane.kubeconfig, context: CONTEXT } }
        : {}),
      pids,
      snapshots: existsSync(this.snapshots) ? readdirSync(this.snapshots).sort() : [],
    };
  }

  /** One cut: no machine runs from before the first part is kept until after the last. */
  private async snapshot(name: string): Promise<void> {
    const running = this.allRunning('kept');
    const folder = join(this.snapshots, name);
    if (existsSync(folder)) throw new Error(`there is a snapshot "${name}" already: choose another name`);
    await Promise.all(running.map((machine) => machine.setPaused(true)));
    try {
      for (const machine of running) await machine.snapshot(name);
      mkdirSync(this.snapshots, { recursive: true, mode: 0o700 });
      await this.controlPlane?.save(`${folder}.draft`);
      mkdirSync(`${folder}.draft`, { recursive: true });
      // The folder in its place says that the whole is kept.
      renameSync(`${folder}.draft`, folder);
    } finally {
      for (const machine of running) await machine.setPaused(false);
    }
  }

  private async restore(name: string): Promise<void> {
    const folder = join(this.snapshots, name);
    if (!existsSync(folder)) {
      const known = existsSync(this.snapshots) ? readdirSync(this.snapshots).join(', ') : '';
      throw new Error(`there is no snapshot "${name}": expected ${known || 'one that was made before'}`);
    }
    for (const machine of this.machines.values()) if (!machine.isRunning) await machine.powerOn();
    const machines = [...this.machines.values()];
    await Promise.all(machines.map((machine) => machine.setPaused(true)));
    this.network.flush();
    for (const machine of machines) await machine.restore(name);
    await this.controlPlane?.load(folder);
    for (const machine of machines) {
      this.network.mend(machine.spec.name);
      this.network.impair(machine.spec.name, {});
      await machine.setControlLink(true);
      await machine.setPaused(false);
      await this.tellPort(machine);
    }
  }

  private async saveTo(folder: string): Promise<void> {
    const machines = this.allRunning('saved');
    for (const machine of machines) mkdirSync(join(folder, machine.spec.name), { recursive: true, mode: 0o700 });
    await Promise.all(machines.map((machine) => machine.setPaused(true)));
    await this.controlPlane?.export(savedControlPlane(folder));
    for (const machine of machines) await machine.saveTo(savedMemory(folder, machine.spec.name));
    for (const machine of machines) {
      await machine.powerOff();
      for (const { serial } of machine.spec.disks) {
        const file = `${machine.spec.name}/${serial}.qcow2`;
        renameSync(join(this.plan.folder, file), join(folder, file));
      }
    }
  }

  private get snapshots(): string {
    return join(this.plan.folder, 'snapshots');
  }

  private allRunning(done: string): Machine[] {
    const machines = [...this.machines.values()];
    const off = machines.filter((machine) => !machine.isRunning).map((machine) => machine.spec.name);
    if (off.length > 0) throw new Error(`${off.join(', ')} is off: only running machines can be ${done}; power it on`);
    return machines;
  }

  /** The API server finds a kubelet by the machine's address alone. */
  private async tellPort(machine: Machine): Promise<void> {
    const { name, address } = machine.spec;
    if (!this.plan.kubelets?.includes(name)) return;
    await this.controlPlane?.setKubelet(name, { address, port: machine.hostPort(KUBELET_PORT) });
  }

  private machine(name: string): Machine {
    const machine = this.machines.get(name);
    if (!machine) throw new Error(`no machine "${name}": expected one of ${[...this.machines.keys()].join(', ')}`);
    return machine;
  }

  private requiredControlPlane(): ControlPlane {
    if (!this.controlPlane) throw new Error('this lab was started without a control plane');
    return this.controlPlane;
  }
}
