import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

export const CONTEXT = 'lab';

/** Who talks to the API server, and as whom. Every one has a token of its own. */
const USERS = {
  admin: { name: 'admin', groups: 'system:masters' },
  'kube-controller-manager': { name: 'system:kube-controller-manager', groups: '' },
  'kube-scheduler': { name: 'system:kube-scheduler', groups: '' },
  kwok: { name: 'kwok', groups: 'system:masters' },
  'local-path-provisioner': { name: 'local-path-provisioner', groups: 'system:masters' },
} as const;

export type User = keyof typeof USERS;

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

  /** Before the API server starts. */
  writeCredentials(): Record<User, string> {
    const users = Object.keys(USERS) as User[];
    const tokens = Object.fromEntries(users.map((user) => [user, randomBytes(24).toString('hex')]));
    const rows = users.map((user) => `${tokens[user]},${USERS[user].name},${user},"${USERS[user].groups}"`);
    this.write('tokens.csv', `${rows.join('\n')}\n`);
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    this.write('service-account.key', privateKey);
    return tokens as Record<User, string>;
  }

  /** After the API server wrote its certificate. */
  writeKubeconfigs(server: string, tokens: Record<User, string>): void {
    const authority = readFileSync(this.serverCertificate).toString('base64');
    for (const user of Object.keys(USERS) as User[]) {
      const name = this.kubeconfig(user);
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: CONTEXT, cluster: { server, 'certificate-authority-data': authority } }],
        users: [{ name: user, user: { token: tokens[user] } }],
        contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
        'current-context': CONTEXT,
      };
      writeFileSync(name, stringify(config), { mode: 0o600 });
    }
  }

  write(name: string, content: string): string {
    const path = this.file(name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }
}
