import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

export const CONTEXT = 'lab';

/** Who talks to the API server from this host, and as whom. Every one has a token of its own. */
const USERS = {
  admin: { name: 'admin', groups: 'system:masters' },
  'kube-controller-manager': { name: 'system:kube-controller-manager', groups: '' },
  'kube-scheduler': { name: 'system:kube-scheduler', groups: '' },
  kwok: { name: 'kwok', groups: 'system:masters' },
  'local-path-provisioner': { name: 'local-path-provisioner', groups: 'system:masters' },
} as const;

export type HostUser = keyof typeof USERS;
export type KubeletUser = `kubelet-${string}`;
export type User = HostUser | KubeletUser;

/** Where a machine finds the API server: what is connected to there comes out at the socket of the host. */
export const SERVER_IN_MACHINES = { address: '10.0.2.100', port: 6443 } as const;

/** A name in the certificate that the API server makes for itself; no machine's address is in there. */
const SERVER_NAME = 'kubernetes.default.svc';

/** What kubelets, pods and clients know a cluster by. */
const CREDENTIALS = ['tokens.csv', 'service-account.key', 'api'];

/** The user of a node's kubelet. */
export function kubeletUser(node: string): KubeletUser {
  return `kubelet-${node}`;
}

/** The tokens of one control plane, by user. */
export type Tokens = ReadonlyMap<User, string>;

/** The files of one control plane. Secrets are files of mode 0600 in a folder of mode 0700, never arguments. */
export class StateFolder {
  constructor(readonly path: string) {}

  readonly file = (name: string): string => join(this.path, name);

  log(name: string): string {
    return this.file(`${name}.log`);
  }

  kubeconfig(user: User = 'admin'): string {
    return this.file(user === 'admin' ? 'kubeconfig' : `${user}.kubeconfig`);
  }

  /** Written by the API server itself when it starts; holds its authority too. */
  get serverCertificate(): string {
    return this.file('api/apiserver.crt');
  }

  /** The data of etcd. */
  get state(): string {
    return this.file('etcd');
  }

  /** Where machines come in. */
  get apiSocket(): string {
    return this.file('api.sock');
  }

  /** Where the API server asks for a way to a kubelet. */
  get egressSocket(): string {
    return this.file('egress.sock');
  }

  /** Before the API server starts. `kubelets` are names of nodes. */
  writeCredentials(kubelets: readonly string[]): Tokens {
    const tokens = new Map<User, string>();
    const rows: string[] = [];
    const add = (user: User, name: string, groups: string) => {
      const token = randomBytes(24).toString('hex');
      tokens.set(user, token);
      rows.push(`${token},${name},${user},"${groups}"\n`);
    };
    for (const [user, { name, groups }] of Object.entries(USERS)) add(user as HostUser, name, groups);
    for (const node of kubelets) add(kubeletUser(node), `system:node:${node}`, 'system:nodes');
    this.write('tokens.csv', rows.join(''));
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    this.write('service-account.key', privateKey);
    return tokens;
  }

  /** Before the API server starts: those of another control plane, which exported them. */
  copyCredentials(source: string): Tokens {
    for (const name of CREDENTIALS) cpSync(join(source, name), this.file(name), { recursive: true });
    const rows = readFileSync(this.file('tokens.csv'), 'utf8').trim().split('\n');
    return new Map(
      rows.map((row) => {
        const [token = '', , user = ''] = row.split(',');
        return [user as User, token];
      }),
    );
  }

  exportCredentials(target: string): void {
    for (const name of CREDENTIALS) cpSync(this.file(name), join(target, name), { recursive: true });
  }

  /** After the API server wrote its certificate. */
  writeKubeconfigs(server: string, tokens: Tokens): void {
    const authority = { 'certificate-authority-data': readFileSync(this.serverCertificate).toString('base64') };
    const fromHost = { server, ...authority };
    const { address, port } = SERVER_IN_MACHINES;
    const fromMachine = { server: `https://${address}:${port}`, 'tls-server-name': SERVER_NAME, ...authority };
    for (const [user, token] of tokens) {
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: CONTEXT, cluster: user in USERS ? fromHost : fromMachine }],
        users: [{ name: user, user: { token } }],
        contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
        'current-context': CONTEXT,
      };
      writeFileSync(this.kubeconfig(user), stringify(config), { mode: 0o600 });
    }
  }

  write(name: string, content: string): string {
    const path = this.file(name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }
}
