import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { makeTemporaryFolder, removeTemporaryFolder } from '../cluster/temporary-folder';
import { UserError } from '../core/problems';
import { cantLoad, removeCutOffAttributes } from './cut-off-attributes';
import { type EngineRun, runPulumi } from './engine';
import { changesOf, errorsOf, metPending } from './engine-output';
import type { StackPlace } from './file-backend';
import { describeHolder, holdersNamed, isDead, isLockedOut, type LockHolder, lockHolders } from './stack-lock';

/** How long an update of somebody else is waited for. */
const PATIENCE_SECONDS = 120;

interface Exported {
  readonly deployment: { readonly pending_operations?: readonly unknown[] };
}

/** How an update is to go. */
export interface UpdateOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Has the engine look at the cluster first, and not go by its state. */
  readonly refresh?: boolean;
  /** Whether an update of somebody else has done already what this one is for. */
  readonly isDone?: () => Promise<boolean>;
}

/** A stack of the user's own Pulumi project, driven by the user's own `pulumi`. The stack that is selected stays so. */
export class UserStack {
  constructor(
    readonly folder: string,
    readonly name: string,
  ) {}

  /** Whether the folder is a project of Pulumi's. */
  get hasProject(): boolean {
    return this.projectFile !== undefined;
  }

  /**
   * Whether it is there, and an update under way that the service of Pulumi knows of.
   *
   * @throws UserError with what Pulumi says when it can't be asked
   */
  async find(): Promise<{ readonly isUpdated: boolean } | undefined> {
    const stacks = JSON.parse(await this.ask('stack', 'ls', '--json')) as readonly StackSummary[];
    const found = stacks.find(({ name }) => name.split('/').at(-1) === this.name);
    return found && { isUpdated: found.updateInProgress === true };
  }

  /** Who has locked it and is not proven dead. @throws UserError as `find` does */
  async livingHolders(): Promise<readonly LockHolder[]> {
    return living(await lockHolders(await this.place()));
  }

  /** Whether an engine was killed in the middle of something. @throws UserError as `find` does */
  async hasPending(): Promise<boolean> {
    return pendingOf(await this.export()).length > 0;
  }

  /** What `pulumi up` would change, a line each. @throws UserError with the engine's words when a preview fails */
  async changes(): Promise<readonly string[]> {
    return changesOf({ stdout: await this.ask('preview', '--json', '--stack', this.name) });
  }

  /**
   * Applies it. The lock of an engine that is proven dead is taken away, one that lives is waited for; what a killed one was in
   * the middle of has been done by this update, and is forgotten.
   *
   * @throws UserError with the engine's words, or who has it locked
   */
  async up({ environment = {}, refresh = false, isDone }: UpdateOptions): Promise<void> {
    const deadline = Date.now() + PATIENCE_SECONDS * 1000;
    const args = ['up', '--yes', '--skip-preview', '--json', '--stack', this.name, ...(refresh ? ['--refresh'] : [])];
    for (;;) {
      const run = await this.run(args, { ...environment, ...FORCED });
      if (!isLockedOut(run)) {
        if (run.code !== 0) throw new UserError(errorsOf(run).join('\n'));
        if (metPending(run)) await this.forgetPending();
        return;
      }
      if (await isDone?.()) return;
      if (Date.now() > deadline) throw this.lockedBy(run);
      const holders = holdersNamed(run);
      if (holders.length > 0 && (await living(holders)).length === 0) {
        await this.ask('cancel', '--yes', '--stack', this.name);
      } else {
        await sleep(1000);
      }
    }
  }

  private lockedBy(run: EngineRun): UserError {
    const holders = holdersNamed(run).map(describeHolder).join(', ') || 'an update that the service of Pulumi knows of';
    return new UserError(
      `the stack has been locked for ${PATIENCE_SECONDS} s by ${holders}: end it there, or, where it runs no more, ` +
        `\`pulumi cancel --stack ${this.name}\``,
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
    throw new UserError(errorsOf(run).join('\n'));
  }

  /** Runs the engine; once more where one that was killed before has left what none can read, and no other one is at work. */
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
 * Fields that others have written as well (`kubectl scale`, a state that was lost) are no conflict: they were compared with the
 * description before the app was stopped.
 */
const FORCED = { PULUMI_K8S_ENABLE_PATCH_FORCE: 'true' };

const pendingOf = ({ deployment }: Exported) => deployment.pending_operations ?? [];

async function living(holders: readonly LockHolder[]): Promise<readonly LockHolder[]> {
  const dead = await Promise.all(holders.map(isDead));
  return holders.filter((_, index) => !dead[index]);
}
