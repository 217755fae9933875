import { clock } from '../../core/clock';
import type { Lease } from '../../kubernetes/lease';
import { untilAsked } from '../../kubernetes/until-asked';
import type { VerifiedVolume } from '../../scripts/copy/verify-volume';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { AppContext } from '../app-context';
import { cutOver } from '../cutover/cut-over';
import { toItsEnd } from '../cutover/interrupted';
import { rollBack } from '../cutover/roll-back';
import { isSwitched, reversed, type VolumeMove } from '../cutover/volume-move';
import { assertWayBack } from '../cutover/way-back';
import { assertNoRestart, type Cutover } from '../journal/cutover';
import type { JournalEntry } from '../journal/entry';
import type { Journal } from '../journal/journal';
import { assertNotEdited } from '../plan/edited-description';
import { approvalDigest } from '../plan/plan';
import type { RunOptions } from '../ports';
import { idleWorkloadLines } from '../survey/idle-workloads';
import { command } from './command';
import { type Approval, assertDigests } from './execute';
import { openCutover } from './open-cutover';
import { requireOwner } from './owner-of';
import { assertStoppable } from './stop-refusals';
import { writtenSince } from './written-since';

/** What a rollback would do. */
export interface RollbackPlan {
  readonly app: string;
  /** Whether it undoes a rollback: the app returns to the volumes that it was rolled back from. */
  readonly isAgain: boolean;
  readonly volumes: readonly {
    readonly move: VolumeMove;
    /** What the journal has of the move's target. */
    readonly latest?: JournalEntry;
    /** What the app has written there since it was sealed, or why that is not known. Default: it is not asked. */
    readonly written?: VerifiedVolume | string;
  }[];
  /** What else may start pods on the volumes that the app leaves or returns to, in words. */
  readonly remarks: readonly string[];
  /** It does not cover what was written: the app writes on while the plan is read. */
  readonly digest: string;
}

export interface RollbackOptions extends RunOptions {
  readonly approve: Approval;
  /** Receives the plan before it is approved. Default: nothing does. */
  readonly onPlan?: (plan: RollbackPlan) => void;
  /** Lists every file that was written since. @default false: the first ones */
  readonly files?: boolean;
}

export type RolledBack =
  /** There is nothing to roll back to; with the claims that were retired. */
  | { readonly result: 'unchanged'; readonly retired: readonly string[] }
  /** The app has `live`; what it wrote to `left` since stays there. */
  | {
      readonly result: 'changed';
      readonly isAgain: boolean;
      /** Whether it has no replicas, as it had none before. */
      readonly isDown: boolean;
      readonly live: readonly string[];
      readonly left: readonly string[];
    };

/** What is to be undone. */
interface Change {
  readonly cutover: Cutover;
  readonly volumes: readonly VolumeMove[];
  readonly isAgain: boolean;
}

interface Held extends RollbackOptions {
  readonly journal: Journal;
  readonly lease: Lease;
}

/**
 * Undoes the last change of an app's volumes: rolls it back to those that were live before, or, where it was rolled back, returns it to
 * the newer ones. What it wrote meanwhile stays where it is.
 *
 * @throws NoWayBack, NotApproved; UserError with the state that everything is in
 */
export function rollback(free: AppContext, options: RollbackOptions): Promise<RolledBack> {
  const undo = async (context: AppContext, lease: Lease): Promise<RolledBack> => {
    const journal = await context.journal();
    assertNoRestart(context.app, journal.cutover);
    const change = await changeToUndo(context, journal);
    if (!change) return { result: 'unchanged', retired: journal.retired };
    return (change.isAgain ? returnAgain : goBack)(context, change, { ...options, journal, lease });
  };
  return command(free, undo);
}

async function goBack(context: AppContext, { cutover, volumes }: Change, held: Held): Promise<RolledBack> {
  const { app, client, model } = context;
  const { journal, lease, files, signal } = held;
  const hasRun = isSwitched(journal, volumes);
  // Before anything is read or asked: it is refused once more just before the app is stopped.
  await assertWayBack({ app, client, model, owner: await requireOwner(context) }, volumes);
  if (hasRun && journal.cutover?.phase !== 'returning') {
    const seen: RollbackPlan['volumes'][number][] = [];
    for (const move of volumes) {
      const written = await writtenSince(context, journal, move, { signal: lease.signal, isAll: files });
      seen.push({ move, latest: journal.latest(persistentVolumeName(move.target)), written });
    }
    const left = volumes.map(({ source, target }) => ({ source: target, target: source }));
    await approved({ app, isAgain: false, volumes: seen, remarks: await idleWorkloadLines(context, left) }, held);
  }
  const site = await openCutover(context, journal, lease, signal, involvedIn(journal, volumes));
  site.signal.throwIfAborted();
  if (hasRun) await assertNotEdited(site);
  await untilAsked(() => rollBack(site, volumes, site.journal.cutover ?? cutover), toItsEnd(site));
  return {
    result: 'changed',
    isAgain: false,
    isDown: (await untilAsked(() => site.owner.replicas(), toItsEnd(site))) === 0,
    live: names(volumes, 'source'),
    left: hasRun ? names(volumes, 'target') : [],
  };
}

async function returnAgain(context: AppContext, { volumes }: Change, held: Held): Promise<RolledBack> {
  const { journal, lease, signal } = held;
  const seen = volumes.map((move) => ({ move, latest: journal.latest(persistentVolumeName(move.target)) }));
  const remarks = await idleWorkloadLines(context, volumes);
  await approved({ app: context.app, isAgain: true, volumes: seen, remarks }, held);
  const site = await openCutover(context, journal, lease, signal, involvedIn(journal, volumes));
  await assertNotEdited(site);
  await assertStoppable(context, site.owner, volumes);
  const moved = await cutOver(site, volumes, { onUnhealthy: 'rollback' });
  return {
    result: 'changed',
    isAgain: true,
    isDown: !moved?.healthy,
    live: names(volumes, 'target'),
    left: names(volumes, 'source'),
  };
}

/** The claims of the live volumes, and of those to return to. */
function involvedIn({ live }: Journal, volumes: readonly VolumeMove[]): string[] {
  return [...Object.values(live), ...names(volumes, 'source'), ...names(volumes, 'target')];
}

const names = (volumes: readonly VolumeMove[], side: 'source' | 'target') => volumes.map((one) => one[side].name);

async function approved(plan: Omit<RollbackPlan, 'digest'>, { approve, onPlan, lease }: Held): Promise<void> {
  const { app, isAgain, volumes } = plan;
  const digest = approvalDigest([
    app,
    isAgain,
    volumes.map(({ move: { mountPath, source, target }, latest }) => [
      mountPath,
      source.name,
      target.name,
      latest?.attempt,
      latest?.uuid,
    ]),
  ]);
  onPlan?.({ ...plan, digest });
  await assertDigests([digest], approve, { lease });
}

/** What is under way; else the last change. */
async function changeToUndo(context: AppContext, journal: Journal): Promise<Change | undefined> {
  if (journal.cutover) {
    return { cutover: journal.cutover, volumes: await context.movesOf(journal.cutover, journal), isAgain: false };
  }
  const latestOf = (claim: string) => journal.latest(volumeNameOf(context, claim));
  const last = Object.entries(journal.live).flatMap(([mountPath, to]) => {
    const from = journal.before[mountPath];
    return from ? [{ mountPath, from, to }] : [];
  });
  // At a mount that was rolled back the volume before is the one that was given up, or holds a further attempt by now: only undoing
  // that rollback leads there, and only while it holds what the app left.
  const forward = last.filter(({ from }) => isWhole(latestOf(from)));
  const given = last.filter(({ from }) => {
    const latest = latestOf(from);
    return latest?.state === 'rolled-back' && !latest.neverLive;
  });
  const isAgain = forward.length === 0;
  const changed = isAgain ? reversed(given) : forward;
  if (changed.length === 0) return undefined;
  const volumes = await context.movesOf({ volumes: changed }, journal);
  const owner = await requireOwner(context);
  const replicas = await owner.replicas();
  return {
    cutover: { phase: 'rolling-back', at: new Date(clock.now()).toISOString(), replicas, volumes: changed },
    volumes,
    isAgain,
  };
}

/** Whether a volume is as an app left it that was moved away from there: a first one, which has no seal, or one that was sealed. */
function isWhole(latest: JournalEntry | undefined): boolean {
  return latest === undefined || latest.state === 'sealed';
}

function volumeNameOf({ model }: AppContext, claim: string): string {
  const volumes = model.mounts.flatMap(({ generations }) => generations.filter(isPersistent));
  const found = volumes.find(({ name }) => name === claim);
  return found && found.kind !== 'existingClaim' ? persistentVolumeName(found) : claim;
}
