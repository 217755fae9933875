import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunOptions, run } from '../../engine/run';
import type { Lab } from '../../lab';
import { SshUser } from '../../ssh-user';
import { BegunCommand } from './begun-command';

const CHECKOUT = join(__dirname, '../../..');

/** The digest of the first plan in a command's output; empty if there is none. */
export function digestIn(stdout: string): string {
  return /digest ([0-9a-f]{16})/.exec(stdout)?.[1] ?? '';
}

/**
 * An operator with a description in a folder, who runs the built command there, and whose ssh knows the machines of a
 * lab.
 */
export class Operator {
  private constructor(
    private readonly lab: Lab,
    readonly folder: string,
    readonly ssh: SshUser,
  ) {}

  static async of(lab: Lab, description = ''): Promise<Operator> {
    const folder = mkdtempSync(join(tmpdir(), 'lunward-operator-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(CHECKOUT, join(folder, 'node_modules', 'lunward'));
    const operator = new Operator(lab, folder, await SshUser.of(lab));
    operator.describe(description);
    return operator;
  }

  describe(description: string): void {
    writeFileSync(join(this.folder, 'cluster.ts'), description);
  }

  lunward(command: string, ...args: readonly string[]) {
    return this.run([command, ...args]);
  }

  /**
   * Runs the command, and starts some work once the command has printed certain words. The command does not wait for
   * the work.
   *
   * @param work gets the command's output so far, and kills the command as a power loss of its machine does
   */
  async meanwhile(
    words: string,
    work: (said: () => string, kill: () => void) => Promise<unknown>,
    command: string,
    ...args: readonly string[]
  ) {
    let done: Promise<unknown> | undefined;
    let said = '';
    const ended = await this.run([command, ...args], (stdout, kill) => {
      said = stdout;
      if (stdout.includes(words)) done ??= work(() => said, kill);
    });
    if (!done) throw new Error(`it never said "${words}":\n${ended.stdout}\n${ended.stderr}`);
    await done;
    return ended;
  }

  /** Starts the command, and does not wait for its end. @param kubeconfig Default: that of the lab. */
  begin(args: readonly string[], kubeconfig?: string): BegunCommand {
    const env = { ...this.environment };
    if (kubeconfig !== undefined) {
      env.KUBECONFIG = join(this.folder, 'kubeconfig');
      writeFileSync(env.KUBECONFIG, kubeconfig, { mode: 0o600 });
    }
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    return new BegunCommand(spawn(process.execPath, this.commandLine(args), { env, stdio: [...stdio] }));
  }

  /**
   * Starts the command in a terminal; `kill` closes the terminal.
   *
   * @param codeFile gets its exit code
   */
  beginInTerminal(args: readonly string[], codeFile: string): BegunCommand {
    const file = join(this.folder, 'run.sh');
    const line = [process.execPath, ...this.commandLine(args)].map((word) => `'${word}'`).join(' ');
    // This shell outlives the terminal, to say how the command has ended.
    writeFileSync(file, `trap : HUP\n${line}\necho $? >'${codeFile}'\n`);
    const terminal = ['--quiet', '--command', `sh '${file}'`, '/dev/null'];
    return new BegunCommand(spawn('script', terminal, { env: this.environment, stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  /** Runs a program of the operator's, in TypeScript, beside the description. */
  program(code: string, ...args: readonly string[]) {
    const file = join(this.folder, 'program.ts');
    writeFileSync(file, code);
    return run(join(CHECKOUT, 'node_modules/.bin/jiti'), [file, ...args], { cwd: this.folder, env: this.environment });
  }

  private get environment(): NodeJS.ProcessEnv {
    return { ...this.ssh.environment, KUBECONFIG: this.lab.kubeconfig };
  }

  private run(args: readonly string[], onStdout?: RunOptions['onStdout']) {
    return run(process.execPath, this.commandLine(args), { env: this.environment, onStdout });
  }

  private commandLine([command = '', ...args]: readonly string[]): string[] {
    return [join(CHECKOUT, 'build/cli/main.js'), command, '--file', join(this.folder, 'cluster.ts'), ...args];
  }

  remove(): void {
    this.ssh.remove();
    rmSync(this.folder, { recursive: true });
  }
}
