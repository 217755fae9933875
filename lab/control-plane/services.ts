import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Engine } from '../engine/engine';
import { HELPER_LABEL, LOCAL_PATH_NAMESPACE, LOCAL_PATH_PROVISIONER, NODE_ANNOTATION } from './bootstrap';
import type { StateFolder, User } from './files';

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
      ...['--data-dir', folder.file('etcd')],
      ...['--listen-client-urls', client, '--advertise-client-urls', client],
      ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
      // The state is thrown away with the folder: nothing to save by waiting for the disk.
      '--unsafe-no-fsync',
      ...['--log-level', 'warn'],
    ],
  };
}

export function apiServer(engine: Engine, folder: StateFolder, port: number): Service {
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
    ],
  };
}

/** What starts when the API server answers. */
export function others(engine: Engine, folder: StateFolder): readonly Service[] {
  const client = (user: User) => ['--kubeconfig', folder.kubeconfig(user)];
  const stages = engine.files('kwok-stages');
  const kwokStages = ['pod-ready', 'pod-complete', 'pod-delete', 'node-initialize', 'node-heartbeat'];
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
    {
      name: 'kwok',
      program: engine.program('kwok'),
      args: [
        ...client('kwok'),
        ...['--manage-nodes-with-annotation-selector', NODE_ANNOTATION],
        ...kwokStages.flatMap((stage) => ['--config', join(stages, `${stage}.yaml`)]),
        ...['--config', join(__dirname, 'helper-pod-stage.yaml')],
      ],
    },
    {
      name: 'local-path-provisioner',
      program: engine.program('local-path-provisioner'),
      args: [
        'start',
        ...client('local-path-provisioner'),
        ...['--provisioner-name', LOCAL_PATH_PROVISIONER, '--namespace', LOCAL_PATH_NAMESPACE],
        ...['--config', folder.file('local-path.json'), '--configmap-name', 'local-path-config'],
        ...['--helper-pod-file', folder.file('helper-pod.yaml'), '--helper-image', 'example.com/none:0'],
        ...['--service-account-name', 'default'],
      ],
    },
  ];
}

/** What the provisioner of node-local volumes reads. */
export function writeLocalPathFiles(folder: StateFolder): void {
  const paths = [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: ['/opt/local-path-provisioner'] }];
  folder.write('local-path.json', JSON.stringify({ nodePathMap: paths }));
  folder.write(
    'helper-pod.yaml',
    stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'helper-pod', labels: { [HELPER_LABEL]: 'true' } },
      spec: { containers: [{ name: 'helper-pod', image: 'example.com/none:0' }] },
    }),
  );
}
