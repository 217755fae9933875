import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, fault } from './fault';
import { type RemoteResult, type RunOptions, Ssh } from './machines/ssh';
import type { SupervisorClient } from './supervisor/client';
import type { MachineStatus } from './supervisor/protocol';

/** The folder for scripts on a machine, laid out like this folder. */
const SCRIPTS = '/usr/local/lib/lab';

/** Enough for an emulated machine with others beside it. */
const BOOT_SECONDS = 240;

/** A machine of a running lab, reached over SSH as root. */
export class LabMachine {
  private readonly ssh: Ssh;
  private readonly sent = new Map<string, Promise<void>>();

  constructor(
    readonly name: string,
    protected readonly supervisor: SupervisorClient,
    keys: string,
  ) {
    this.ssh = new Ssh(name, async () => ({
      port: (await this.status()).ports[22] ?? 0,
      privateKey: readFileSync(join(keys, 'id'), 'utf8'),
      hostKey: readFileSync(join(keys, `${name}.host_key.pub`), 'utf8').split(' ')[1] ?? '',
    }));
  }

  async status(): Promise<MachineStatus> {
    const { machines } = await this.supervisor.order('status', {});
    const found = machines.find(({ name }) => name === this.name);
    if (!found)
      throw new Error(`no machine "${this.name}" in this lab: it has ${machines.map(({ name }) => name).join(', ')}`);
    return found;
  }

  /** Waits until it answers over SSH. */
  whenUp(timeoutSeconds = BOOT_SECONDS): Promise<void> {
    return this.ssh.whenUp(timeoutSeconds);
  }

  /** The boot ID, which differs after every boot. */
  async bootId(): Promise<string> {
    return (await this.run('cat', ['/proc/sys/kernel/random/boot_id'])).trim();
  }

  /** Waits until it has shut down and is up again. @param before the boot ID from before */
  async whenRebooted(before: string, timeoutSeconds = BOOT_SECONDS): Promise<void> {
    const deadline = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      this.disconnect();
      const now = await this.bootId().catch(() => before);
      if (now !== before) return;
      if (Date.now() > deadline) throw new Error(`${this.name} did not reboot within ${timeoutSeconds} s`);
      await sleep(1000);
    }
  }

  /** Runs a program and returns its output. @throws Error with its complaint for any exit code but 0 */
  async run(program: string, args: readonly string[] = [], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.tryRun(program, args, options);
    if (code === 0) return stdout;
    throw new Error(`${this.name}: ${[program, ...args].join(' ')} ended with ${code}:\n${stderr}${stdout}`);
  }

  /** Runs a program that may fail. */
  tryRun(program: string, args: readonly string[] = [], options: RunOptions = {}): Promise<RemoteResult> {
    return this.ssh.run(program, args, options);
  }

  /** Runs a script of this folder, such as `nas/luns.sh`. */
  async script(script: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    await this.send(script);
    return this.run(`${SCRIPTS}/${script}`, args, options);
  }

  /** Writes a file on the machine. */
  async write(path: string, content: string | Buffer, mode = '644'): Promise<void> {
    await this.run('install', ['-D', '-m', mode, '/dev/stdin', path], { stdin: content });
  }

  /** Sets the clock, which is still at the time when the machine was saved or restored. */
  async setClock(): Promise<void> {
    await this.run('date', ['--set', `@${(Date.now() / 1000).toFixed(3)}`]);
  }

  /**
   * Fills the file system of a folder until no more than `leave` (such as `10Mi`) is free, for root and for all others.
   */
  async fillDisk(folder: string, leave = '0', ballast = `${folder}/lab-ballast`): Promise<Fault> {
    await this.script('machines/fill.sh', [folder, leave, ballast], { timeoutSeconds: 300 });
    return fault(() => this.run('rm', ['-f', ballast]));
  }

  /** Kills the processes of a service at once; `undo` starts it again. */
  async kill(unit: string): Promise<Fault> {
    // Otherwise systemd would restart many services within the same second.
    await this.run('systemctl', ['kill', '--kill-whom=all', '--signal=SIGKILL', unit]);
    await this.run('systemctl', ['stop', unit]);
    return fault(() => this.run('systemctl', ['start', unit]));
  }

  /** Suspends the processes of a service; `undo` resumes them. */
  async freeze(unit: string): Promise<Fault> {
    await this.run('systemctl', ['kill', '--kill-whom=all', '--signal=SIGSTOP', unit]);
    return fault(() => this.run('systemctl', ['kill', '--kill-whom=all', '--signal=SIGCONT', unit]));
  }

  /** Logs in to a target by hand, without Kubernetes' knowledge. */
  async logIn(iqn: string, portal: string): Promise<void> {
    // A discovery would also leave records of every other target.
    await this.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', portal, '--op', 'new']);
    await this.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', portal, '--login']);
  }

  /** Ends a session that was opened by hand, and removes the target's record. */
  async logOut(iqn: string, portal: string): Promise<void> {
    await this.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', portal, '--logout']);
    await this.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', portal, '--op', 'delete']);
  }

  /** Logs in to a target by hand and leaves the session open. */
  protected async leaveSession(iqn: string, portal: string): Promise<Fault> {
    await this.logIn(iqn, portal);
    return fault(() => this.logOut(iqn, portal));
  }

  /** Connections to a machine that was ended or restored are useless. */
  disconnect(): void {
    this.ssh.close();
    this.sent.clear();
  }

  /** Puts a script on the machine once, however many callers ask for it meanwhile. */
  protected send(script: string): Promise<void> {
    const sending =
      this.sent.get(script) ??
      this.write(`${SCRIPTS}/${script}`, readFileSync(join(__dirname, script)), '755').catch((error) => {
        this.sent.delete(script);
        throw error;
      });
    this.sent.set(script, sending);
    return sending;
  }
}
