import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from './lab';

/** A user whose `ssh` knows the machines of a lab by their addresses, as a user's own configuration does at home. */
export class SshUser {
  private constructor(
    private readonly lab: Lab,
    /** The folder with this user's `ssh`, for the PATH. */
    readonly folder: string,
  ) {}

  static async of(lab: Lab): Promise<SshUser> {
    const user = new SshUser(lab, mkdtempSync(join(tmpdir(), 'lunward-ssh-')));
    user.useConfig(await lab.writeSshConfig());
    return user;
  }

  /** The environment of a command that this user runs. */
  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, PATH: `${this.folder}:${process.env.PATH}` };
  }

  useConfig(file: string): void {
    writeFileSync(join(this.folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${file}' "$@"\n`, { mode: 0o755 });
  }

  /** Writes the lab's configuration again: ports change when a machine is started again. */
  async refresh(): Promise<void> {
    this.useConfig(await this.lab.writeSshConfig());
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
