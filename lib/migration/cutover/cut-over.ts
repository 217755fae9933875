import { randomUUID } from 'node:crypto';
import { categoryOf } from '../../core/error-category';
import { UnreachableError, UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import type { Cutover } from '../journal/cutover';
import { assertDescribed } from '../plan/described-refusals';
import { assertResumable } from '../plan/resumed-description';
import { unfencedClaims } from '../settle/fence-from-journal';
import { endChange, settleApp, settleFence } from '../settle/settle';
import { ended } from '../settle/settled';
import { idleSessions } from '../survey/idle-sessions';
import { waitUntilUnused, waitWhileEnding } from '../survey/storage-users';
import { unusedSeconds } from '../survey/unused-seconds';
import { canBeTold, sameKind, withState } from './app-state';
import type { CutoverContext } from './cutover-context';
import { type Healthy, healthGate } from './health-gate';
import { Interrupted, toItsEnd } from './interrupted';
import { leftRunning, notJudged } from './left-running';
import { gateOf, notOwn } from './own-gate';
import { restartAfterFailure, rollBack } from './roll-back';
import { runsOn } from './runs-on';
import { type SealedVolume, stopAndSeal } from './stop-phase';
import { Stopwatch } from './stopwatch';
import { checkUnfenced } from './unfenced';
import { assertPhaseIsLive, claimsOf, isSwitched, type VolumeMove } from './volume-move';
import { NoWayBack } from './way-back';

/** An app that has changed its volumes. */
export interface Moved {
  readonly app: string;
  readonly volumes: readonly SealedVolume[];
  /** How long each part took, in milliseconds; the app was down from `stop` to `start`. */
  readonly parts: Stopwatch['parts'];
  /** Nothing for an app that was not running before. */
  readonly healthy?: Healthy;
  /** Claims that nothing keeps pods from, for the cluster can't. Nothing where it does. */
  readonly unfenced?: readonly string[];
}

/** What is done where the app is not well on its new volumes. */
export type OnUnhealthy = 'rollback' | 'stop';

/** One run of a cut-over. */
interface Run {
  /** No other run has it: neither one of another process, nor a later one of this process. */
  readonly id: string;
  readonly watch: Stopwatch;
  readonly onUnhealthy: OnUnhealthy;
}

/**
 * Stops an app, moves what is left to be moved, and starts it on its new volumes. Whoever does it again after it was cut off, on
 * whatever machine, goes on where that was. What fails before the app has run on its new volumes is taken back at once.
 *
 * A run that finds the app on its new volumes already judges it, and restarts nothing.
 *
 * @param options.until `stop`: it is left down, sealed
 * @param options.onUnhealthy `rollback`: it is taken back to the old volumes; `stop`: it is left down. Both only where this run has
 *   started it there, and within the time of the gate: else it is left running, and the operator is asked
 * @returns nothing if it ends after `stop`
 * @throws UserError with what failed, and the state that everything is in; LeftRunning where the app was left as it is
 */
export async function cutOver(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  options: { readonly until?: 'stop'; readonly onUnhealthy: OnUnhealthy },
): Promise<Moved | undefined> {
  return withState(site, volumes, () => change(site, volumes, options));
}

async function change(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  options: { readonly until?: 'stop'; readonly onUnhealthy: OnUnhealthy },
): Promise<Moved | undefined> {
  const watch = new Stopwatch();
  assertPhaseIsLive(site, volumes, site.journal.cutover ?? { phase: 'stopping' });
  const run: Run = { id: randomUUID(), watch, onUnhealthy: options.onUnhealthy };
  if (!(await isDown(site, volumes))) await assertDescribed(site, volumes);
  else if (site.journal.cutover?.phase === 'stopping') await assertResumable(site, volumes);
  if (!site.journal.cutover) await begun(site, volumes);
  // Read again after each step: an app that somebody starts meanwhile has other replicas then.
  const cutover = () => site.journal.cutover as Cutover;
  const isResumed = isSwitched(site.journal, volumes);
  const sealed = isResumed ? volumes.map((volume) => ({ volume })) : await stopped(site, volumes, watch);
  if (options.until === 'stop') return undefined;
  if (isResumed) await resume(site, volumes, cutover(), run);
  else await startOnNew(site, volumes, { ...cutover(), gate: gateOf(run.id) }, run);
  const healthy = cutover().replicas > 0 ? await gate(site, volumes, cutover(), run) : undefined;
  const unfenced = await end(site);
  return { app: site.app, volumes: sealed, parts: watch.parts, ...(healthy && { healthy }), ...unfenced };
}

/** What is left to do once the app is well on its new volumes. */
async function end(site: CutoverContext): Promise<Pick<Moved, 'unfenced'>> {
  // The old volumes stay as they are, and the fence keeps the app from starting on them by mistake.
  const fenced = await untilAsked(() => settleFence({ ...site, journal: ended(site.journal) }), site);
  await endChange(site);
  return fenced === 'unsupported' ? { unfenced: unfencedClaims(site) } : {};
}

/** From an app that the journal says is on its new volumes. One that runs there is left alone. */
async function resume(site: CutoverContext, volumes: readonly VolumeMove[], cutover: Cutover, run: Run): Promise<void> {
  const claims = claimsOf(volumes, 'target');
  const left = volumes.map(({ target }) => target);
  const all = [...volumes.map(({ source }) => source), ...left];
  if (await untilAsked(() => runsOn(site, { claims, replicas: cutover.replicas }), site)) {
    await waitWhileEnding(all, site, unusedSeconds(site));
    site.report({ type: 'runsAlready', claims: Object.values(claims) });
  } else {
    await waitUntilUnused(all, site, unusedSeconds(site), idleSessions(left, site));
    await checkUnfenced(site, volumes, cutover);
    site.signal.throwIfAborted();
  }
  await startOnNew(site, volumes, cutover, run);
}

/** Makes the new volumes live, and has the app run there; nothing else may use these. */
async function startOnNew(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  cutover: Cutover,
  { watch }: Run,
): Promise<void> {
  // An app that this run has stopped would stay down: an interruption counts again once it runs.
  const started = toItsEnd(site);
  started.signal.throwIfAborted();
  // What refuses the old volumes admits the new ones, unless a rollback was cut off: that has left a fence that lets nothing start.
  const isAdmitted = !isSwitched(site.journal, volumes);
  await site.journal.transition({ cutover: { ...cutover, phase: 'switched' }, live: claimsOf(volumes, 'target') });
  await untilAsked(() => settleApp(started, { isAdmitted }), started);
  watch.lap('switch');
}

/** Whether a run before this one has stopped the app already: what ran is not there to be compared any more. */
async function isDown({ owner, journal }: CutoverContext, volumes: readonly VolumeMove[]): Promise<boolean> {
  return isSwitched(journal, volumes) || (journal.cutover !== undefined && (await owner.replicas()) === 0);
}

async function begun({ owner, journal, signal }: CutoverContext, volumes: readonly VolumeMove[]): Promise<void> {
  signal.throwIfAborted();
  await journal.transition({
    cutover: {
      phase: 'stopping',
      replicas: await owner.replicas(),
      volumes: volumes.map(({ mountPath, source, target }) => ({ mountPath, from: source.name, to: target.name })),
    },
  });
}

async function stopped(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  watch: Stopwatch,
): Promise<readonly SealedVolume[]> {
  try {
    const sealed = await stopAndSeal(site, volumes, watch);
    // The last moment at which the app can be started where it was as if nothing had been.
    site.signal.throwIfAborted();
    return sealed;
  } catch (error) {
    throw await restartAfterFailure(toItsEnd(site), volumes, error);
  }
}

async function gate(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  cutover: Cutover,
  { id, watch, onUnhealthy }: Run,
): Promise<Healthy> {
  try {
    const isOwn = site.journal.cutover?.gate?.run === id;
    return await healthGate(site, volumes, { watch, isOwn });
  } catch (error) {
    if (!canBeTold(error)) throw error;
    // Neither what could not be asked nor a fault of ours says anything against the app.
    if (error instanceof UnreachableError || !(error instanceof UserError)) throw await notJudged(site, volumes, error);
    const isCut = error instanceof Interrupted;
    const found = `${site.app} ${isCut ? 'was not checked to the end' : 'is unhealthy'} on its new volumes: ${error.message}`;
    const why = notOwn(site.journal.cutover?.gate, id);
    if (why) throw await leftRunning(site, volumes, found, { why, cause: error });
    if (onUnhealthy === 'stop') {
      await stopThere(toItsEnd(site), cutover, found);
      throw new UserError(`${found}. It was stopped, as requested`, {
        cause: error,
        category: error.category,
        code: 'stopped-on-target',
      });
    }
    site.report({ type: 'unhealthy', found });
    await takenBack(toItsEnd(site), volumes, cutover, found);
    throw new UserError(
      `${found}. It was rolled back, and runs on ${volumes.map(({ source }) => source.name).join(', ')} as before; ` +
        `what it wrote meanwhile is kept on ${volumes.map(({ target }) => target.name).join(', ')}, which nothing starts it on again`,
      { cause: error, category: error.category, code: 'rolled-back' },
    );
  }
}

async function stopThere(site: CutoverContext, cutover: Cutover, found: string): Promise<void> {
  try {
    await site.journal.transition({ cutover: { ...(site.journal.cutover ?? cutover), phase: 'stopped-on-target' } });
    // At once: it is fenced where the command ends.
    await untilAsked(() => site.owner.stop(), site);
  } catch (error) {
    if (!canBeTold(error)) throw error;
    throw sameKind(error, `${found}. It could not be stopped: ${error.message}`);
  }
}

/** @throws UserError with the state that everything is in, where that can't be done either */
async function takenBack(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  cutover: Cutover,
  found: string,
): Promise<void> {
  try {
    await untilAsked(() => rollBack(site, volumes, site.journal.cutover ?? cutover), site);
  } catch (error) {
    if (!canBeTold(error)) throw error;
    if (error instanceof NoWayBack) {
      throw new UserError(
        `${found}. It could not be rolled back, and was left as it is on ${volumes.map(({ target }) => target.name).join(', ')}: ` +
          error.message,
        { cause: error, code: 'no-way-back' },
      );
    }
    throw new UserError(`${found}. The rollback failed: ${error.message}. All of its data is where it was`, {
      cause: error,
      category: categoryOf(error),
      code: 'rollback-failed',
    });
  }
}
