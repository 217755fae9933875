import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lines } from '../../lab/engine/progress';
import type { Lab } from '../../lab/lab';
import type { LabMachine } from '../../lab/machine';
import { openLab } from '../../lab/open';
import { SshUser } from '../../lab/ssh-user';
import { type BuildingVolume, BuildingVolumes, MOUNTED } from '../../lab/test/lab/building-volumes';
import { logIn, logOut, PORTAL } from '../../lab/test/lab/log-in';
import { SshExecutor } from '../../lib/nodes/ssh/ssh';
import { type WarmCopied, warmCopy } from '../../lib/scripts/copy/warm-copy';
import { unitName } from '../../lib/scripts/unit/unit';
import { runTimed, type TimedUnit } from './timed-unit';

/** The content of a source. */
export interface Content {
  readonly largeFiles?: number;
  /** Size of each large file. @default 0 */
  readonly mebibytes?: number;
  /** The same in bytes, for sizes that are not a whole number of MiB. */
  readonly largeBytes?: number;
  readonly smallFiles?: number;
  /** Size of each small file, in bytes. @default 4096 */
  readonly smallBytes?: number;
}

/** The node that copies. */
const NODE = 'node-a';

/** A lab with a user who copies there: with the product, and by hand. */
export class Workbench {
  readonly node = new SshExecutor({ name: NODE, ssh: 'admin@192.0.2.210' });
  readonly machine: LabMachine;
  readonly volumes: BuildingVolumes;
  private readonly progress = lines();
  private closing: Promise<void> | undefined;

  private constructor(
    readonly lab: Lab,
    private readonly user: SshUser,
  ) {
    this.machine = lab.node(NODE);
    this.volumes = new BuildingVolumes({ lab }, this.node);
  }

  static async open(): Promise<Workbench> {
    const lab = await openLab({ progress: lines() });
    const user = await SshUser.of(lab);
    // The product finds this ssh through the PATH.
    process.env.PATH = user.environment.PATH;
    return new Workbench(lab, user);
  }

  /** Ends the lab; a second call is fine. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** Exports a folder and fills it. */
  async makeSource(path: string, content: Content): Promise<void> {
    const {
      largeFiles = 0,
      mebibytes = 0,
      largeBytes = mebibytes * 1024 ** 2,
      smallFiles = 0,
      smallBytes = 4096,
    } = content;
    const amounts = [largeFiles, largeBytes, smallFiles, smallBytes].map(String);
    await this.lab.nas.exportNfs({ path, rootSquash: false });
    await this.progress.step(`files in ${path}`, () =>
      this.lab.nas.script('nas/files.sh', [path, ...amounts], { timeoutSeconds: 600 }),
    );
  }

  /** Makes a LUN, which the product formats. */
  makeVolume(name: string, size: string): Promise<BuildingVolume> {
    return this.progress.step(`volume ${name}`, () => this.volumes.make(name, size));
  }

  /** Copies with the product. */
  copy(path: string, volume: BuildingVolume): Promise<TimedUnit<WarmCopied>> {
    const script = warmCopy({ ...volume, source: { server: PORTAL, path } });
    return this.progress.step('copy by lunward', () =>
      runTimed(this.node, this.machine, unitName('copy', volume.attempt), script),
    );
  }

  /** Copies by hand, and returns the seconds that it took. */
  async copyByHand(how: 'dd' | 'cp' | 'rsync', path: string, iqn: string): Promise<number> {
    const device = await logIn(this.machine, iqn);
    try {
      const microseconds = await this.progress.step(`copy by hand, with ${how}`, () =>
        runScript(this.machine, 'by-hand.sh', [how, `${PORTAL}:${path}`, device]),
      );
      return Number(microseconds) / 1_000_000;
    } finally {
      await logOut(this.machine, iqn);
    }
  }

  /** Moves a whole folder as people do by hand once the app is stopped, and returns the seconds that it took. */
  async moveByHand(path: string, iqn: string): Promise<number> {
    const begin = performance.now();
    await this.machine.script('by-hand/move.sh', ['all', PORTAL, path, iqn], { timeoutSeconds: 1200 });
    const seconds = (performance.now() - begin) / 1000;
    await this.machine.run('iscsiadm', ['-m', 'node', '--op', 'delete']);
    return seconds;
  }

  /** Prints that a step is running. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    return this.progress.step(name, work);
  }

  /** Removes what was copied to a volume. */
  async empty(volume: BuildingVolume): Promise<void> {
    const notOurs = ['!', '-name', 'lost+found', '!', '-name', '.lunward'];
    await this.volumes.mounted(volume, 'rw', async (machine) => {
      const found = [MOUNTED, '-mindepth', '1', '-maxdepth', '1', ...notOurs];
      await machine.run('find', [...found, '-exec', 'rm', '--recursive', '{}', '+']);
    });
  }

  private async end(): Promise<void> {
    this.user.remove();
    await this.lab.stop();
  }
}

/** Runs a script of this folder on a machine. */
function runScript(machine: LabMachine, script: string, args: readonly string[]): Promise<string> {
  const stdin = readFileSync(join(__dirname, script));
  return machine.run('bash', ['-s', '--', ...args], { stdin, timeoutSeconds: 1200 });
}
