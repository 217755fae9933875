import { UserError } from '../../core/problems';
import { LeaseLost } from '../../kubernetes/lease-lost';
import { untilAsked } from '../../kubernetes/until-asked';
import { type DataVolume, movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import { type Cutover, isKeptStopped } from '../journal/cutover';
import type { NewEntry } from '../journal/entry';
import { bringDown, endChange, settleApp } from '../settle/settle';
import { idleSessions } from '../survey/idle-sessions';
import { waitUntilEnded, waitUntilUnused, waitWhileEnding } from '../survey/storage-users';
import { unusedSeconds } from '../survey/unused-seconds';
import type { CutoverContext } from './cutover-context';
import { finalUnit } from './final-unit';
import { readyPod } from './health-gate';
import { toItsEnd } from './interrupted';
import { remark } from './remark';
import { runsOn } from './runs-on';
import { unrecordedSeals } from './unrecorded-seals';
import { assertPhaseIsLive, claimsOf, isSwitched, type VolumeMove } from './volume-move';
import { assertCanLeave, assertWayBack } from './way-back';

/**
 * Starts an app again that was stopped and has not run on its new volumes: it loses nothing by that.
 *
 * @param error why the move can't continue
 * @returns what to throw: why, and the state that everything is in
 */
export async function restartAfterFailure(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  error: unknown,
): Promise<Error> {
  if (!(error instanceof Error) || error instanceof LeaseLost) return error as Error;
  const { app, owner, report } = site;
  const why = `${app} could not be moved: ${error.message}`;
  report({ type: 'notMoved', reason: error.message });
  try {
    const notes = await untilAsked(() => goOnBack(site, volumes, site.journal.cutover as Cutover), site);
    const isDown = (await untilAsked(() => owner.replicas(), site)) === 0;
    const now = isDown
      ? 'It is left on its old volume, with no replicas, as it was'
      : 'It runs on its old volume again';
    const again = UserError.from(error, [`${why}. ${now}, nothing of it was written to or lost`, ...notes].join('; '));
    return error instanceof UserError ? again : Object.assign(error, { message: again.message });
  } catch (second) {
    if (second instanceof LeaseLost) return second;
    return UserError.from(second as Error, `${why}. The way back was not finished: ${(second as Error).message}`);
  }
}

/**
 * Has an app run on its old volumes, however far it came on its way to the new ones; or on its way back.
 *
 * @returns what could not be ended, in words
 * @throws NoWayBack where no pod could mount the old ones: nothing is stopped for that
 */
export async function rollBack(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  cutover: Cutover,
): Promise<string[]> {
  if (await hasEnded(site)) return [];
  assertPhaseIsLive(site, volumes, site.journal.cutover ?? cutover);
  await assertWayBack(site, volumes);
  return goOnBack(site, volumes, cutover);
}

/** The same, where the app is down already. @param begun the cut-over, where the journal does not have it yet */
async function goOnBack(site: CutoverContext, volumes: readonly VolumeMove[], begun: Cutover): Promise<string[]> {
  if (await hasEnded(site)) return [];
  const cutover = site.journal.cutover ?? begun;
  if (cutover.phase === 'stopping') return undoStop(site, volumes, cutover);
  const back = cutover.phase === 'returning' ? resumeRollback : rollBackSwitched;
  await back(site, volumes, cutover);
  return [];
}

/** Whether the write that ends a cut-over has arrived, of which a try before this one got no answer. */
async function hasEnded({ journal }: CutoverContext): Promise<boolean> {
  const wasUnderWay = journal.cutover !== undefined;
  await journal.ascertain();
  return wasUnderWay && journal.cutover === undefined;
}

/**
 * Starts an app on its old volumes that has not been given the new ones.
 *
 * @returns what could not be ended, in words
 */
async function undoStop(site: CutoverContext, volumes: readonly VolumeMove[], cutover: Cutover): Promise<string[]> {
  const notes = await endLastCopy(site, volumes);
  const wanted = { claims: claimsOf(volumes, 'source'), replicas: cutover.replicas };
  const isRunning = await runsOn(site, wanted);
  const wait = isRunning ? waitWhileEnding : waitUntilEnded;
  await wait(usedBy(volumes), site, unusedSeconds(site));
  const copied = isRunning ? [] : unknownCopies(site, volumes);
  if (copied.length > 0) await waitUntilUnused(copied, site, unusedSeconds(site), idleSessions(copied, site));
  await restartOnSource(site, volumes, cutover);
  return notes;
}

/**
 * LUNs that a copy may still read, which could not be ended: a journal that was lost and written again does not name its unit. An app must
 * not mount such a LUN on another node meanwhile.
 */
function unknownCopies({ journal }: CutoverContext, volumes: readonly VolumeMove[]): DataVolume[] {
  return volumes.flatMap(({ source, target }) =>
    movable(source).isExclusive && !journal.latest(persistentVolumeName(target)) ? [source] : [],
  );
}

/**
 * Takes an app back to its old volumes once it was started on the new ones. These keep what was written to them. It can be interrupted
 * before the app is stopped, and then not until it runs again.
 *
 * @throws NoWayBack if it could not be proven that these are unused: the app is then not stopped
 * @throws UserError with the state that everything is in
 */
export async function rollBackSwitched(
  interruptible: CutoverContext,
  volumes: readonly VolumeMove[],
  cutover: Cutover,
): Promise<void> {
  assertPhaseIsLive(interruptible, volumes, { phase: 'rolling-back' });
  const { cutover: under } = interruptible.journal;
  if (!under || !isKeptStopped(under)) {
    await assertCanLeave(interruptible, volumes);
    interruptible.signal.throwIfAborted();
  }
  const site = toItsEnd(interruptible);
  const fenced = await bringDown(site, { ...cutover, phase: 'rolling-back' });
  const left = volumes.map(({ target }) => target);
  await waitUntilUnused(left, site, unusedSeconds(site), idleSessions(left, site));
  const remarked = fenced === 'unsupported' ? await remark(site, volumes) : undefined;
  await restartOnSource(site, volumes, site.journal.cutover as Cutover, remarked);
}

/**
 * From the moment that nothing uses the new volumes: the old ones are live.
 *
 * @param remarked PersistentVolumes that `remark` has marked. Default: none.
 */
async function restartOnSource(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  cutover: Cutover,
  remarked: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { journal } = site;
  site.signal.throwIfAborted();
  await journal.transition({
    cutover: { ...cutover, phase: 'returning' },
    entries: rolledBack(site, volumes, remarked),
    ...(isSwitched(journal, volumes) && { live: claimsOf(volumes, 'source') }),
  });
  await settleOnOld(site, volumes);
}

/**
 * Starts an app on its old volumes, which are live, where an earlier run was cut off in that. One that runs there already is not
 * restarted; any other one starts once nothing uses the volumes that it would write to.
 */
export async function resumeRollback(site: CutoverContext, volumes: readonly VolumeMove[]): Promise<void> {
  assertPhaseIsLive(site, volumes, { phase: 'returning' });
  await settleOnOld(site, volumes, async () => {
    await waitUntilEnded(usedBy(volumes), site, unusedSeconds(site));
    // A folder of the old volume may be mounted for a look; a LUN that is used elsewhere must not be mounted a second time.
    const luns = volumes.map(({ source }) => source).filter((source) => movable(source).isExclusive);
    const left = wasSwitched(site, volumes) ? [...volumes.map(({ target }) => target), ...luns] : [];
    if (left.length > 0) await waitUntilUnused(left, site, unusedSeconds(site), idleSessions(left, site));
  });
}

/** All that the pods of an app may have mounted, before a move and after it. */
const usedBy = (volumes: readonly VolumeMove[]) => volumes.flatMap(({ source, target }) => [source, target]);

function wasSwitched({ journal }: CutoverContext, volumes: readonly VolumeMove[]): boolean {
  return volumes.some(({ mountPath, target }) => journal.before[mountPath] === target.name);
}

/** Has an app run on its old volumes, which are live. @param prove that nothing uses them. Default: this run has */
async function settleOnOld(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  prove?: () => Promise<void>,
): Promise<void> {
  await settleApp(site, prove && { prove });
  if ((site.journal.cutover as Cutover).replicas > 0) {
    await readyPod(
      site,
      volumes.map(({ source }) => source.name),
    );
  }
  await endChange(site, () => unrecordedSeals(site, volumes));
}

/** A sealed volume that is not live never will be, because the app writes to its source again. */
function rolledBack(
  { journal }: CutoverContext,
  volumes: readonly VolumeMove[],
  remarked: ReadonlySet<string>,
): [string, NewEntry][] {
  return volumes.flatMap(({ target }) => {
    const name = persistentVolumeName(target);
    const latest = journal.latest(name);
    if (latest?.state !== 'sealed') return [];
    const { at: _, ...entry } = latest;
    const asMarked = remarked.has(name) && { attempt: entry.attempt + 1, remarked: true };
    // What was sealed again is no copy: it holds what the app left there before.
    const isCopy = entry.scan !== undefined && !isSwitched(journal, volumes);
    return [[name, { ...entry, state: 'rolled-back' as const, ...asMarked, ...(isCopy && { neverLive: true }) }]];
  });
}

/** Ends what works at the new volumes for us. @returns what could not be ended, in words */
async function endLastCopy(site: CutoverContext, volumes: readonly VolumeMove[]): Promise<string[]> {
  const notes: string[] = [];
  for (const volume of volumes) {
    try {
      await finalUnit(site, volume).unit.cancel();
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      notes.push(`the copy may still be at work at ${volume.target.name} (${(error as Error).message})`);
    }
  }
  return notes;
}
