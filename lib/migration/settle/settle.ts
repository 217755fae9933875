import { isDeepStrictEqual } from 'node:util';
import type { Lock } from '../../cluster/lock';
import { canFence, compareFence, liftFence, putFence, UnprovenFence } from '../../kubernetes/fence';
import { untilAsked } from '../../kubernetes/until-asked';
import type { CutoverContext } from '../cutover/cutover-context';
import { hasClaims, runsOn } from '../cutover/runs-on';
import { type Cutover, isKeptStopped } from '../journal/cutover';
import type { NewEntry } from '../journal/entry';
import { assertGenerations } from './described-generations';
import { unfencedClaims } from './fence-from-journal';
import { ended, isSettleable, type JournalFacts, type SettledApp, settled } from './settled';

/** What settling an app's fence and lock file needs. */
export type Settling = Pick<CutoverContext, 'app' | 'client' | 'model' | 'journal' | 'project' | 'report' | 'places'>;

/** The result for a fence: `lifted` if there is nothing to refuse, `unsupported` if the cluster has no ValidatingAdmissionPolicy. */
export type Fencing = 'in force' | 'unsupported' | 'lifted';

/**
 * Makes the lock file and the fence match the journal, from any state. It neither starts nor stops the app. It can be called at any time and
 * any number of times: it writes only what differs. If the journal contradicts itself, it changes nothing.
 *
 * @param changed is called after each change. Default: nothing is
 * @throws UserError if something differs and the description does not match the journal: then nothing more is changed
 */
export async function settle(site: Settling, changed: (what: 'lock' | 'fence') => void = () => {}): Promise<void> {
  if (!isSettleable(site.journal)) return;
  if (!(await isLocked(site.project, settled(site).lock))) {
    await assertGenerations(site);
    await settleLock(site);
    changed('lock');
  }
  if ((await restoreFence(site)) === 'changed') changed('fence');
}

/** Whether the lock file is as wanted. Nothing is written. */
async function isLocked(project: Settling['project'], wanted: (lock: Lock) => Lock): Promise<boolean> {
  let isSame = false;
  await project.changeLock((lock) => {
    isSame = isDeepStrictEqual(wanted(lock), lock);
    return lock;
  });
  return isSame;
}

/**
 * Writes the fence if it differs from what the journal requires, or removes it if the journal requires none.
 *
 * @throws UserError if it differs and the description does not match the journal: then nothing is changed
 */
export async function restoreFence(site: Omit<Settling, 'project'>): Promise<'changed' | 'unchanged'> {
  if (!(await canBeRestored(site))) return 'unchanged';
  await assertGenerations(site);
  await keepFenced(site);
  return 'changed';
}

async function canBeRestored(site: Fenced): Promise<boolean> {
  const { app, client, model } = site;
  const { fence } = settled(site);
  if ((await compareFence(client, fence ?? { app, namespace: model.namespace })) === 'in place') return false;
  return !fence || canFence(client);
}

/** Writes into the lock file what the journal says. */
export function settleLock(site: Omit<Settling, 'client' | 'report'>): Promise<'changed' | 'unchanged'> {
  return site.project.changeLock(settled(site).lock);
}

/** What the fence of an app is computed from, and where. */
type Fenced = Pick<Settling, 'app' | 'client' | 'model' | 'places'> & Pick<JournalFacts, 'journal'>;

/**
 * Makes the fence in the cluster match the journal, from any state: writes and proves it, or removes it if nothing was ever moved.
 *
 * @throws UserError as `putFence` does
 */
export async function settleFence(site: Fenced): Promise<Fencing> {
  const { app, client, model } = site;
  const { fence } = settled(site);
  if (fence) return putFence(client, fence);
  await liftFence(client, { app, namespace: model.namespace });
  return 'lifted';
}

/** Keeps the volumes that any move left fenced. If that can't be proven, it only says so: an app that is down must not wait longer. */
export async function keepFenced(site: Fenced & Pick<Settling, 'report'>): Promise<void> {
  try {
    if ((await settleFence(site)) === 'unsupported') site.report({ type: 'unfenced', claims: unfencedClaims(site) });
  } catch (error) {
    if (!(error instanceof UnprovenFence)) throw error;
    site.report({ type: 'fenceNotProven', reason: error.message });
  }
}

/** How an app is made to match the journal. */
export interface HowToSettle {
  /** Called when the fence is in force for an app that must be down, before the app is stopped. Default: nothing. */
  readonly beforeStop?: () => void;
  /** Proves, before the app is started, that nothing uses its volumes. Default: this run has proven it already. */
  readonly prove?: () => Promise<void>;
  /** Whether the current fence already admits the app's volumes; the rest of the fence is added once the app runs. @default false */
  readonly isAdmitted?: boolean;
}

/**
 * Makes an app, its fence and the lock file match the journal, from any state. An app that must be down is fenced, then stopped; the caller
 * proves that its pods have ended. If an app that must run already runs on its live volumes, it is not restarted.
 *
 * @returns the result for the fence if the app must be down; `running` if it ran already, otherwise `started`
 * @throws UnprovenFence if the fence of an app that must be down can't be proven: the app was not stopped
 */
export async function settleApp(site: CutoverContext, how: HowToSettle = {}): Promise<Fencing | 'running' | 'started'> {
  await recordReplicas(site);
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

/**
 * Records the replicas of an app that had none when its change began, and that somebody has started since: what is stopped or given other
 * claims from here on gets them again.
 */
async function recordReplicas({ journal, owner }: CutoverContext): Promise<void> {
  const { cutover } = journal;
  if (!cutover || cutover.replicas > 0) return;
  const replicas = await owner.replicas();
  if (replicas > 0) await journal.transition({ cutover: { ...cutover, replicas } });
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
  // Somebody may have applied the manifests of another generation while the fence refused its pods.
  const isSwitched = app.isSwitched || (!isRunning && !hasClaims(await owner.workload(), app.claims));
  if (!isRunning && isSwitched) await owner.switchClaim();
  if (!isAdmitted) await keepFenced(site);
  if (isRunning) return 'running';
  await owner.start(app.replicas);
  if (journal.cutover?.phase !== 'returning') report({ type: 'starting', claims: Object.values(app.claims) });
  return 'started';
}

/**
 * Stops an app: first the journal records it, then the fence is put in force, then the app is stopped. If the fence can't be proven, the app
 * is not stopped, and journal and fence are restored, unless an earlier run may have stopped the app.
 *
 * @throws UnprovenFence as `settleApp` does
 */
export async function bringDown(site: CutoverContext, cutover: Omit<Cutover, 'at'>): Promise<Fencing> {
  const { journal, owner } = site;
  const before = journal.cutover;
  if (before?.phase !== cutover.phase) await journal.transition({ cutover });
  try {
    await recordReplicas(site);
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

/**
 * Ends a change of an app that runs as the journal requires: the fence also refuses Deployments with old claims, the app's owner may apply
 * it as before, and then the journal has no cut-over.
 *
 * @param entries of volumes, to be recorded with that; computed after the owner has released the app. Default: none
 */
export async function endChange(
  site: Omit<Settling, 'project'> & Pick<CutoverContext, 'owner' | 'signal'>,
  entries: () => Promise<readonly [string, NewEntry][]> = async () => [],
): Promise<void> {
  const then = { ...site, journal: ended(site.journal) };
  await untilAsked(async () => ((await canBeRestored(then)) ? keepFenced(then) : undefined), site);
  await untilAsked(() => site.owner.release(), site);
  await site.journal.transition({ cutover: undefined, entries: await entries() });
}
