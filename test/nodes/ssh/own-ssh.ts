import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** OpenSSH with a configuration, keys and known_hosts of a test's own, and no agent. */
export class OwnSsh {
  readonly folder = mkdtempSync(join(tmpdir(), 'lunward-own-ssh-'));
  readonly knownHosts = this.path('known_hosts');

  constructor() {
    writeFileSync(this.path('ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${this.path('config')}' "$@"\n`, { mode: 0o755 });
    this.configure('');
    this.know('');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** What an environment has otherwise where this OpenSSH is used. */
  get environment() {
    return { PATH: `${this.folder}:${process.env.PATH}`, SSH_AUTH_SOCK: '' };
  }

  /** Writes the configuration; what it says of known_hosts and identities counts for nothing where `text` says it too. */
  configure(text: string): void {
    const defaults = `UserKnownHostsFile ${this.knownHosts}\nGlobalKnownHostsFile /dev/null\nIdentityFile ${this.path('id')}\n`;
    writeFileSync(this.path('config'), `${text}\nHost *\n${defaults}`);
  }

  know(lines: string): void {
    writeFileSync(this.knownHosts, lines);
  }

  /** Makes a key, and returns its public half. */
  makeKey(name = 'id', { type = 'ed25519', passphrase = '' } = {}): string {
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', '', '-f', this.path(name)]);
    return execFileSync('ssh-keygen', ['-y', '-P', passphrase, '-f', this.path(name)], { encoding: 'utf8' }).trim();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
