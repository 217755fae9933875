import { canFence, isInPlace, liftFence, putFence, UnprovenFence } from '../../kubernetes/fence';
import type { CutoverContext } from '../cutover/cutover-context';
import { runsOn } from '../cutover/runs-on';
import { type Cutover, isKeptStopped, wronglyLive } from '../journal/cutover';
import { unfencedClaims } from './fence-from-journal';
import { type SettledApp, settled } from './settled';

/** What is settled around an app, and by what. */
export type Settling = Pick<CutoverContext, 'app' | 'client' | 'model' | 'journal' | 'project' | 'report'>;

/** What became of a fence: `lifted` where there is nothing to refuse, `unsupported` where the cluster has none. */
export type Fencing = 'in force' | 'unsupported' | 'lifted';

/**
 * Makes the lock file and the fence what the journal says that they must be, from whatever they are. The app is neither started nor
 * stopped. It can be called at any time, and as often as wanted: what is right already is not written. Nothing follows from a journal that
 * contradicts itself.
 *
 * @returns whether the lock file was changed: what was loaded with it holds no more
 */
export async function settle(site: Settling): Promise<'changed' | 'unchanged'> {
  const { app, client, model, journal } = site;
  if (!journal.exists || (journal.cutover && wronglyLive(journal, journal.cutover).length > 0)) return 'unchanged';
  const lock = await settleLock(site);
  const { fence } = settled(site);
  if (!(await isInPlace(client, fence ?? { app, namespace: model.namespace }))) {
    if (!fence || (await canFence(client))) await keepFenced(site);
  }
  return lock;
}

/** Writes into the lock file what the journal says. */
export function settleLock(site: Omit<Settling, 'client' | 'report'>): Promise<'changed' | 'unchanged'> {
  return site.project.changeLock(settled(site).lock);
}

/**
 * Makes the fence in the cluster what the journal says it must be, whatever was put before: puts it and proves it, or lifts it where
 * nothing was ever moved.
 *
 * @throws UserError as `putFence` does
 */
export async function settleFence(site: Pick<Settling, 'app' | 'client' | 'model' | 'journal'>): Promise<Fencing> {
  const { app, client, model } = site;
  const { fence } = settled(site);
  if (fence) return putFence(client, fence);
  await liftFence(client, { app, namespace: model.namespace });
  return 'lifted';
}

/** What was left, by whichever move, stays fenced. An app that is down has waited long enough: it is started though that can't be proven. */
export async function keepFenced(
  site: Pick<Settling, 'app' | 'client' | 'model' | 'journal' | 'report'>,
): Promise<void> {
  try {
    if ((await settleFence(site)) === 'unsupported') site.report({ type: 'unfenced', claims: unfencedClaims(site) });
  } catch (error) {
    if (!(error instanceof UnprovenFence)) throw error;
    site.report({ type: 'fenceNotProven', reason: error.message });
  }
}

/** How an app is brought to what the journal says. */
export interface HowToSettle {
  /** Called once pods are kept from an app that is to be down, and before it is stopped. Default: nothing is. */
  readonly beforeStop?: () => void;
  /** Proves, where the app has to be started, that nothing uses what it would write to. Default: this run has proven it. */
  readonly prove?: () => Promise<void>;
  /** Whether the fence in place admits what the app is started on; what it lacks is added once the app runs. @default false */
  readonly isAdmitted?: boolean;
}

/**
 * Makes an app, its fence and the lock file what the journal says that they must be, from whatever they are. An app that is to be down
 * is fenced, then stopped: that its pods have ended is proven by others. One that is to run is judged first: where it runs on its live
 * volumes already, it is not restarted.
 *
 * @returns what became of the fence, where the app is to be down; `running` where it ran already, else `started`
 * @throws UnprovenFence where pods can't be kept from an app that is to be down: it was not stopped
 */
export async function settleApp(site: CutoverContext, how: HowToSettle = {}): Promise<Fencing | 'running' | 'started'> {
  const { app } = settled(site);
  switch (app.is) {
    case 'kept stopped':
      return keepStopped(site, how.beforeStop);
    case 'started':
      return keepRunning(site, app, how);
    case 'left to its owner':
      throw new Error(`${site.app} is not changing its volumes: its owner decides whether it runs`);
  }
}

async function keepStopped(site: CutoverContext, beforeStop?: () => void): Promise<Fencing> {
  const { owner, journal, report } = site;
  const phase = journal.cutover?.phase;
  const fencing = await settleFence(site);
  await owner.fence();
  if (phase === 'stopping' || phase === 'restarting') {
    report({ type: phase === 'stopping' ? 'fenced' : 'heldBack', inForce: fencing === 'in force' });
    report({ type: 'stopping', owner: owner.name });
  }
  beforeStop?.();
  await owner.stop();
  return fencing;
}

async function keepRunning(
  site: CutoverContext,
  app: Extract<SettledApp, { is: 'started' }>,
  { prove, isAdmitted = false }: HowToSettle,
): Promise<'running' | 'started'> {
  const { owner, journal, report } = site;
  const isRunning = await runsOn(site, app);
  if (!isRunning) await prove?.();
  await settleLock(site);
  if (!isRunning && app.isSwitched) await owner.switchClaim();
  if (!isAdmitted) await keepFenced(site);
  if (isRunning) return 'running';
  await owner.start(app.replicas);
  if (journal.cutover?.phase !== 'returning') report({ type: 'starting', claims: Object.values(app.claims) });
  return 'started';
}

/**
 * Has an app go down: the journal says so, then it is fenced, then stopped. Where pods can't be kept from it nothing is stopped, and
 * journal and fence are again what they were, unless a run before this one may have stopped it.
 *
 * @throws UnprovenFence as `settleApp` does
 */
export async function bringDown(site: CutoverContext, cutover: Omit<Cutover, 'at'>): Promise<Fencing> {
  const { journal, owner } = site;
  const before = journal.cutover;
  if (before?.phase !== cutover.phase) await journal.transition({ cutover });
  try {
    return await keepStopped(site);
  } catch (error) {
    // What could not be asked is asked again, from here.
    if (!(error instanceof UnprovenFence)) throw error;
    const isRestart = before?.phase === 'restarting';
    if (before && isKeptStopped(before) && !(isRestart && (await owner.replicas()) > 0)) throw error;
    await journal.transition({ cutover: isRestart ? undefined : before });
    await keepFenced(site);
    throw error;
  }
}
