import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findEngine } from '../engine/engine';
import type { KubeletAddress } from './egress';
import { CONTEXT, kubeletUser, StateFolder } from './files';
import { kubectl } from './kubectl';
import { FOLDER_PREFIX, removeLeftovers } from './leftovers';
import { Owner } from './owner';
import { checkSocketPath } from './sockets';

export interface ControlPlaneOptions {
  /** Emulated nodes. @default node-a and node-b, and none with `kubelets` */
  readonly nodes?: readonly string[];
  /** Names of nodes whose kubelets are real ones, on machines that join when they like. @default none */
  readonly kubelets?: readonly string[];
  /** An empty folder of mode 0700 for its state; the path of a socket in it is limited to 107 bytes. @default a temporary one */
  readonly folder?: string;
  /**
   * A folder that export() made: the same cluster, with the same tokens and
   * certificates, at another port. @default a new cluster
   */
  readonly from?: string;
  /** For the start, and for each restart of save() and load(). @default 180 */
  readonly timeoutSeconds?: number;
}

/** A real API server, with nodes that are emulated or are machines; it ends with this process. */
export interface ControlPlane {
  readonly kubeconfig: string;
  /** Name of the context in the kubeconfig. */
  readonly context: string;
  /** Address of the API server on this host. */
  readonly server: string;
  readonly folder: string;
  /** A unix socket of mode 0600 whose connections are forwarded to the API server: the way of machines to it. */
  readonly socket: string;
  /** Its processes, the supervisor first; others after save() and load(). */
  pids(): readonly number[];
  /** Runs kubectl against it and returns what it printed; a failure is an error with what it complained of. */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  /**
   * Returns the text of a kubelet's kubeconfig, which holds its token. In there
   * the API server is at 10.0.2.100:6443, which a machine has forwarded to
   * `socket`. Fails for a name that is not one of `kubelets`.
   */
  kubeletKubeconfig(node: string): string;
  /**
   * Says how the API server reaches a node's kubelet, for logs, exec and port
   * forwarding; again whenever that changes. Resolves when it is in force, and
   * connections to where it was before are cut. The kubelet's certificate is
   * not verified.
   */
  setKubelet(node: string, kubelet: KubeletAddress): Promise<void>;
  /**
   * Copies the state of the cluster to a folder that must not be there yet: all
   * processes are stopped for it and started again. Resolves when the cluster is
   * usable again. Address, certificates and tokens stay what they are.
   */
  save(folder: string): Promise<void>;
  /**
   * Goes back to a state that save() copied, of this control plane: as save(),
   * with the data replaced. Resource versions go back as well, and are given
   * again to other contents: clients that have seen anything later than the save
   * (a kubelet that was not itself set back, an informer) must start anew.
   */
  load(folder: string): Promise<void>;
  /** As save(), with tokens and certificates: what another control plane can start `from`. */
  export(folder: string): Promise<void>;
  /** Ends the processes and removes the folder. */
  stop(): Promise<void>;
  /** Lets it live on without this process. */
  detach(): void;
}

/**
 * Starts a control plane on the loopback. Ready means that it can be used: on
 * emulated nodes pods get Ready and claims Bound; machines need not have joined.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { kubelets = [], nodes = kubelets.length > 0 ? [] : ['node-a', 'node-b'], timeoutSeconds = 180 } = options;
  checkNames([...kubelets, ...nodes]);
  // Fails here, with what to do, rather than in a process of its own.
  const engine = await findEngine();
  removeLeftovers();
  const prefix = join(tmpdir(), FOLDER_PREFIX);
  // What is appended to the prefix has that length.
  checkSocketPath(new StateFolder(resolve(options.folder ?? `${prefix}......`)).egressSocket);
  const folder = new StateFolder(resolve(options.folder ?? mkdtempSync(prefix)));
  const owner = new Owner(folder);
  const from = options.from === undefined ? {} : { from: resolve(options.from) };
  const server = await owner.start({ folder: folder.path, nodes, kubelets, timeoutSeconds, ...from });
  return {
    kubeconfig: folder.kubeconfig(),
    context: CONTEXT,
    server,
    folder: folder.path,
    socket: folder.apiSocket,
    pids: () => owner.pids,
    kubectl: (args, stdin) => kubectl(engine.program('kubectl'), folder.kubeconfig(), args, stdin),
    kubeletKubeconfig: (node) => {
      if (kubelets.includes(node)) return readFileSync(folder.kubeconfig(kubeletUser(node)), 'utf8');
      throw new Error(
        `the control plane has no kubelet ${JSON.stringify(node)}: name it in kubelets of startControlPlane()`,
      );
    },
    setKubelet: (node, kubelet) => owner.ask({ kind: 'set-kubelet', node, kubelet }),
    save: (target) => owner.ask({ kind: 'save', folder: resolve(target) }),
    export: (target) => owner.ask({ kind: 'export', folder: resolve(target) }),
    load: (source) => owner.ask({ kind: 'load', folder: resolve(source) }),
    stop: () => owner.stop(),
    detach: () => owner.detach(),
  };
}

/** They are names of objects, files and users. */
function checkNames(nodes: readonly string[]): void {
  for (const [index, node] of nodes.entries()) {
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(node)) {
      throw new Error(
        `node ${JSON.stringify(node)}: expected a name of up to 63 small letters, digits and hyphens within`,
      );
    }
    if (nodes.indexOf(node) !== index) {
      throw new Error(`node ${node} is named twice: a node is either emulated or a machine, and there is one of it`);
    }
  }
}
