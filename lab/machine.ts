import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, fault } from './fault';
import { type RemoteResult, type RunOptions, Ssh } from './machines/ssh';
import type { SupervisorClient } from './supervisor/client';
import type { MachineStatus } from './supervisor/protocol';

/** Where scripts lie on a machine, as they do in this folder. */
const SCRIPTS = '/usr/local/lib/lab';

/** Emulated, and with others beside it. */
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

  /** Differs after every start. */
  async bootId(): Promise<string> {
    return (await this.run('cat', ['/proc/sys/kernel/random/boot_id'])).trim();
  }

  /** Waits until it has ended and is up again. */
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

  /** Runs a program and returns what it printed; any exit code but 0 is an error with its complaint. */
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

  /** Its clock stands where it stood when the machine was saved or restored. */
  async setClock(): Promise<void> {
    await this.run('date', ['--set', `@${(Date.now() / 1000).toFixed(3)}`]);
  }

  /** Leaves no more than `leave` (such as `10Mi`) on the file system of a folder, for anybody but root as for root. */
  async fillDisk(folder: string, leave = '0', ballast = `${folder}/lab-ballast`): Promise<Fault> {
    await this.script('machines/fill.sh', [folder, leave, ballast], { timeoutSeconds: 300 });
    return fault(() => this.run('rm', ['-f', ballast]));
  }

  /** Kills the processes of a service at once; `undo` starts it again. */
  async kill(unit: string): Promise<Fault> {
    // Without this, systemd would start many of them again in the same second.
    await this.run('systemctl', ['kill', '--kill-whom=all', '--signal=SIGKILL', unit]);
    await this.run('systemctl', ['stop', unit]);
    return fault(() => this.run('systemctl', ['start', unit]));
  }

  /** Stops the processes of a service where they are; `undo` lets them go on. */
  async freeze(unit: string): Promise<Fault> {
    await this.run('systemctl', ['kill', '--kill-whom=all', '--signal=SIGSTOP', unit]);
    return fault(() => this.run('systemctl', ['kill', '--kill-whom=all', '--signal=SIGCONT', unit]));
  }

  /** Logs in to a target by hand, as nothing of Kubernetes knows of. */
  async logIn(iqn: string, portal: string): Promise<void> {
    // A discovery would leave records of every other target too.
    await this.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', portal, '--op', 'new']);
    await this.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', portal, '--login']);
  }

  /** Ends a session that was begun by hand, and forgets the target. */
  async logOut(iqn: string, portal: string): Promise<void> {
    await this.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', portal, '--logout']);
    await this.run('iscsiadm', ['-m', 'node', '-T', iqn, '-p', portal, '--op', 'delete']);
  }

  /** Logs in to a target by hand and leaves the session as it is. */
  protected async leaveSession(iqn: string, portal: string): Promise<Fault> {
    await this.logIn(iqn, portal);
    return fault(() => this.logOut(iqn, portal));
  }

  /** Connections of a machine that was ended or restored are of no use any more. */
  disconnect(): void {
    this.ssh.close();
    this.sent.clear();
  }

  /** Puts a script where the machine finds it, once, whoever asks for it in the meantime. */
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
