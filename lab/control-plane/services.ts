import { join } from 'node:path';
import type { Engine } from '../engine/engine';
import { NODE_ANNOTATION } from './bootstrap';
import type { HostUser, StateFolder } from './files';
import { HELPER_IMAGE, LOCAL_PATH_NAMESPACE, LOCAL_PATH_PROVISIONER, LOCAL_PATH_SCRIPTS } from './local-path';
import type { Plan } from './messages';

/** A process of the control plane. */
export interface Service {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

const SERVICE_RANGE = '10.96.0.0/16';

/**
 * etcd listens on sockets in the folder: no port to find, and nobody else can
 * reach it. It wants them to look like host and port, and makes a file of that
 * name where it runs.
 */
const ETCD_SOCKET = 'etcd:1';

export function etcd(engine: Engine, folder: StateFolder): Service {
  const peer = 'unix://peer:1';
  const client = `unix://${ETCD_SOCKET}`;
  return {
    name: 'etcd',
    program: engine.program('etcd'),
    args: [
      ...['--data-dir', folder.state],
      ...['--listen-client-urls', client, '--advertise-client-urls', client],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
      // The state is thrown away with the folder: nothing to save by waiting for the disk.
      '--unsafe-no-fsync',
      ...['--log-level', 'warn'],
    ],
  };
}

/** `egress`: file that says how it reaches kubelets, where there are any. */
export function apiServer(engine: Engine, folder: StateFolder, port: number, egress: string | undefined): Service {
  const key = folder.file('service-account.key');
  return {
    name: 'kube-apiserver',
    program: engine.program('kube-apiserver'),
    args: [
      ...['--etcd-servers', `unix://${folder.file(ETCD_SOCKET)}`],
      ...['--bind-address', '127.0.0.1', '--secure-port', String(port)],
      // Makes a self-signed certificate there, so that no other program is needed for it.
      ...['--cert-dir', folder.file('api')],
      ...['--token-auth-file', folder.file('tokens.csv'), '--authorization-mode', 'Node,RBAC'],
      ...['--service-account-key-file', key, '--service-account-signing-key-file', key],
      ...['--service-account-issuer', 'https://kubernetes.default.svc'],
      ...['--service-cluster-ip-range', SERVICE_RANGE],
      // Nobody reaches it by this address; without one it looks for a default route, which a machine may not have.
      ...['--advertise-address', '192.0.2.1', '--endpoint-reconciler-type', 'none'],
      '--allow-privileged',
      ...(egress ? forKubelets(egress) : []),
    ],
  };
}

function forKubelets(egress: string): readonly string[] {
  return [
    ...['--egress-selector-config-file', egress, '--kubelet-preferred-address-types', 'InternalIP'],
    // A kubelet is held to its own node, as on a cluster that kubeadm made.
    ...['--enable-admission-plugins', 'NodeRestriction'],
  ];
}

/** What starts when the API server answers. */
export function others(engine: Engine, folder: StateFolder, plan: Plan): readonly Service[] {
  const client = (user: HostUser) => ['--kubeconfig', folder.kubeconfig(user)];
  return [
    {
      name: 'kube-controller-manager',
      program: engine.program('kube-controller-manager'),
      args: [
        ...client('kube-controller-manager'),
        ...['--service-account-private-key-file', folder.file('service-account.key')],
        ...['--root-ca-file', folder.serverCertificate],
        ...['--use-service-account-credentials', '--leader-elect=false', '--secure-port=0'],
        ...['--kube-api-qps', '200', '--kube-api-burst', '400'],
      ],
    },
    {
      name: 'kube-scheduler',
      program: engine.program('kube-scheduler'),
      args: [...client('kube-scheduler'), '--leader-elect=false', '--secure-port=0'],
    },
    ...(plan.nodes.length > 0 ? [kwok(engine, folder)] : []),
    {
      name: 'local-path-provisioner',
      program: engine.program('local-path-provisioner'),
      args: [
        'start',
        ...client('local-path-provisioner'),
        ...['--provisioner-name', LOCAL_PATH_PROVISIONER, '--namespace', LOCAL_PATH_NAMESPACE],
        ...['--config', folder.file('local-path.json'), '--configmap-name', LOCAL_PATH_SCRIPTS],
        // The image that counts is the one of the file; it wants both.
        ...['--helper-pod-file', folder.file('helper-pod.yaml'), '--helper-image', HELPER_IMAGE],
        ...['--service-account-name', 'default'],
      ],
    },
  ];
}

/** Emulates nodes, and the pods on them. */
function kwok(engine: Engine, folder: StateFolder): Service {
  const stages = engine.files('kwok-stages');
  const names = ['pod-ready', 'pod-complete', 'pod-delete', 'node-initialize', 'node-heartbeat'];
  return {
    name: 'kwok',
    program: engine.program('kwok'),
    args: [
      ...['--kubeconfig', folder.kubeconfig('kwok')],
      ...['--manage-nodes-with-annotation-selector', NODE_ANNOTATION],
      ...names.flatMap((name) => ['--config', join(stages, `${name}.yaml`)]),
      ...['--config', join(__dirname, 'helper-pod-stage.yaml')],
    ],
  };
}
