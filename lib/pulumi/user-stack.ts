import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { makeTemporaryFolder, removeTemporaryFolder } from '../cluster/temporary-folder';
import { pollUntil } from '../core/poll-until';
import { UserError } from '../core/problems';
import { cantLoad, removeCutOffAttributes } from './cut-off-attributes';
import { type EngineRun, runPulumi } from './engine';
import { changesOf, errorsOf, metPending } from './engine-output';
import type { StackPlace } from './file-backend';
import { describeHolder, holdersNamed, isDead, isLockedOut, type LockHolder, lockHolders } from './stack-lock';

/** How long to wait for another update, in seconds. */
const PATIENCE_SECONDS = 120;

interface Exported {
  readonly deployment: { readonly pending_operations?: readonly unknown[] };
}

/** How an update runs. */
export interface UpdateOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether the engine reads the cluster first instead of relying on its state. Default: `false`. */
  readonly refresh?: boolean;
  /** Whether another update has already done what this one is for. */
  readonly isDone?: () => Promise<boolean>;
  /** Runs before each run of the engine that changes something; if it throws, nothing is run. Default: nothing. */
  readonly beforeRun?: () => Promise<void>;
}

/** A stack of the user's own Pulumi project, driven by the user's own `pulumi`. The selected stack stays selected. */
export class UserStack {
  constructor(
    readonly folder: string,
    readonly name: string,
  ) {}

  /** Whether the folder is a Pulumi project. */
  get hasProject(): boolean {
    return this.projectFile !== undefined;
  }

  /**
   * Whether the stack exists, and whether the Pulumi service knows of a running update.
   *
   * @throws UserError with Pulumi's message if it can't be asked
   */
  async find(): Promise<{ readonly isUpdated: boolean } | undefined> {
    const stacks = JSON.parse(await this.ask('stack', 'ls', '--json')) as readonly StackSummary[];
    const found = stacks.find(({ name }) => name.split('/').at(-1) === this.name);
    return found && { isUpdated: found.updateInProgress === true };
  }

  /** Engines that have locked the stack and are not proven dead. @throws UserError as `find` does */
  async livingHolders(): Promise<readonly LockHolder[]> {
    return living(await lockHolders(await this.place()));
  }

  /** Whether an engine was killed in the middle of an operation. @throws UserError as `find` does */
  async hasPending(): Promise<boolean> {
    return pendingOf(await this.export()).length > 0;
  }

  /** What `pulumi up` would change, one a line. @throws UserError with the engine's message if a preview fails */
  async changes(): Promise<readonly string[]> {
    return changesOf({ stdout: await this.ask('preview', '--json', '--stack', this.name) });
  }

  /**
   * Applies the stack. It removes the lock of an engine that is proven dead, and waits for one that lives. It forgets
   * the pending operations of a killed engine, because this update has done them.
   *
   * @throws UserError with the engine's message, or with who has locked the stack
   */
  async up({ environment = {}, refresh = false, isDone, beforeRun }: UpdateOptions): Promise<void> {
    const args = ['up', '--yes', '--skip-preview', '--json', '--stack', this.name, ...(refresh ? ['--refresh'] : [])];
    const attempt = async () => {
      await beforeRun?.();
      const run = await this.run(args, { ...environment, ...FORCED });
      if (!isLockedOut(run)) return { run, isOver: true };
      if (await isDone?.()) return { isOver: true };
      const holders = holdersNamed(run);
      const isHeldByDead = holders.length > 0 && (await living(holders)).length === 0;
      if (isHeldByDead) {
        await beforeRun?.();
        await this.ask('cancel', '--yes', '--stack', this.name);
      }
      return { run, isOver: false };
    };
    const { run, isOver } = await pollUntil(attempt, (last) => last.isOver, { seconds: PATIENCE_SECONDS });
    if (!run) return;
    if (!isOver) throw this.lockedBy(run);
    if (run.code !== 0) throw new UserError(errorsOf(run).join('\n'), { code: 'pulumi-failed' });
    if (metPending(run)) await this.forgetPending();
  }

  private lockedBy(run: EngineRun): UserError {
    const holders = holdersNamed(run).map(describeHolder).join(', ') || 'an update that the service of Pulumi knows of';
    return new UserError(
      `the stack has been locked for ${PATIENCE_SECONDS} s by ${holders}: end it there, or, where it runs no more, ` +
        `\`pulumi cancel --stack ${this.name}\``,
      { category: 'refused', code: 'stack-locked' },
    );
  }

  private async forgetPending(): Promise<void> {
    const { deployment, ...rest } = await this.export();
    const { pending_operations: _, ...settled } = deployment;
    const folder = makeTemporaryFolder();
    try {
      const file = path.join(folder, 'state.json');
      writeFileSync(file, JSON.stringify({ ...rest, deployment: settled }), { mode: 0o600 });
      await this.ask('stack', 'import', '--file', file, '--stack', this.name);
    } finally {
      removeTemporaryFolder(folder);
    }
  }

  private async export(): Promise<Exported> {
    return JSON.parse(await this.ask('stack', 'export', '--stack', this.name)) as Exported;
  }

  private async ask(...args: readonly string[]): Promise<string> {
    const run = await this.run(args);
    if (run.code === 0) return run.stdout;
    throw new UserError(errorsOf(run).join('\n'), { code: 'pulumi-failed' });
  }

  /**
   * Runs the engine, and runs it again if an engine that was killed earlier has left unreadable attributes and no other
   * engine is running.
   */
  private async run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<EngineRun> {
    const run = await runPulumi(this.folder, args, environment);
    if (!cantLoad(run)) return run;
    const place = await this.place();
    const isFree = (await living(await lockHolders(place))).length === 0;
    return isFree && (await removeCutOffAttributes(place)) ? runPulumi(this.folder, args, environment) : run;
  }

  private async place(): Promise<StackPlace> {
    const { url } = JSON.parse(await this.ask('whoami', '--json')) as { readonly url: string };
    const { name: project } = parse(readFileSync(this.projectFile ?? '', 'utf8')) as { readonly name: string };
    return { url, folder: this.folder, project, stack: this.name };
  }

  private get projectFile(): string | undefined {
    const files = ['Pulumi.yaml', 'Pulumi.yml', 'Pulumi.json'].map((name) => path.join(this.folder, name));
    return files.find(existsSync);
  }
}

interface StackSummary {
  readonly name: string;
  readonly updateInProgress?: boolean;
}

/**
 * Fields that others have written too (`kubectl scale`, a lost state) are not a conflict: they were compared with the
 * description before the app was stopped.
 */
const FORCED = { PULUMI_K8S_ENABLE_PATCH_FORCE: 'true' };

const pendingOf = ({ deployment }: Exported) => deployment.pending_operations ?? [];

async function living(holders: readonly LockHolder[]): Promise<readonly LockHolder[]> {
  const dead = await Promise.all(holders.map(isDead));
  return holders.filter((_, index) => !dead[index]);
}
