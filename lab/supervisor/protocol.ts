import type { Accelerator } from '../machines/accelerator';
import type { Boot, MachineSpec } from '../machines/arguments';
import type { Impairment } from '../machines/switch';

/** What a lab is started from. */
export interface LabPlan {
  /** An empty folder of mode 0700 that takes all of its state. */
  readonly folder: string;
  readonly machines: readonly MachineSpec[];
  readonly boot: Boot;
  readonly accelerator: Accelerator;
  /** The disk image that every system begins with. */
  readonly baseImage: string;
  /** Folder of saved machines, and their control plane, to go on with; without it they boot. */
  readonly saved?: string;
  /** Names of the nodes, where there is to be a control plane for them. */
  readonly kubelets?: readonly string[];
}

/** Sent to a supervisor when it starts, and when it is to outlive its owner. */
export type OwnerMessage = { readonly kind: 'start'; readonly plan: LabPlan } | { readonly kind: 'detach' };

export type SupervisorMessage = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly message: string };

export interface MachineStatus {
  readonly name: string;
  readonly address: string;
  readonly isRunning: boolean;
  readonly pid?: number;
  /** Port of the host's loopback by port of the machine. */
  readonly ports: Readonly<Record<number, number>>;
}

export interface LabStatus {
  readonly folder: string;
  readonly accelerator: Accelerator;
  readonly machines: readonly MachineStatus[];
  /** The API server, and a kubeconfig for it with the context `context`. */
  readonly controlPlane?: { readonly server: string; readonly kubeconfig: string; readonly context: string };
  /** Every process of the lab, the supervisor first. */
  readonly pids: readonly number[];
  readonly snapshots: readonly string[];
}

/** What a running lab can be told, with what it answers. */
export interface Orders {
  status: { parameters: Record<string, never>; result: LabStatus };
  powerOn: { parameters: { machine: string }; result: undefined };
  powerOff: { parameters: { machine: string }; result: undefined };
  cut: { parameters: { machine: string }; result: undefined };
  mend: { parameters: { machine: string }; result: undefined };
  impair: { parameters: { machine: string; impairment: Impairment }; result: undefined };
  setControlLink: { parameters: { machine: string; up: boolean }; result: undefined };
  kubeletKubeconfig: { parameters: { machine: string }; result: string };
  /** Keeps machines and control plane as one cut. */
  snapshot: { parameters: { name: string }; result: undefined };
  restore: { parameters: { name: string }; result: undefined };
  /** Writes all machines and the control plane into a folder that later labs start from, and ends them. */
  saveTo: { parameters: { folder: string }; result: undefined };
  stop: { parameters: Record<string, never>; result: undefined };
}

export type OrderName = keyof Orders;

export interface Request<Name extends OrderName = OrderName> {
  readonly id: number;
  readonly order: Name;
  readonly parameters: Orders[Name]['parameters'];
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}
