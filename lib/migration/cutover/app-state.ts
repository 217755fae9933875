import { codeOf } from '../../core/error-codes';
import { UserError } from '../../core/problems';
import { ConflictError, RefusedByServer } from '../../kubernetes/cluster-client';
import { LeaseLost } from '../../kubernetes/lease-lost';
import { untilAsked } from '../../kubernetes/until-asked';
import type { Workload } from '../../owners/owner';
import { persistentVolumeName } from '../../volumes/static-volume';
import { isRestart } from '../journal/cutover';
import type { Journal } from '../journal/journal';
import type { CutoverContext } from './cutover-context';
import { Interrupted } from './interrupted';
import { isSwitched, type VolumeMove } from './volume-move';

/** How long the cluster is asked for the state of an app: a message waits no longer. */
export const STATE_SECONDS = 15;

/** Whether an app runs, read from the cluster just now, in words for a message. It never fails. */
export async function stateOf(
  { owner }: Pick<CutoverContext, 'owner'>,
  volumes: readonly VolumeMove[],
): Promise<string> {
  try {
    return stateText(await untilAsked(() => owner.workload(), { patienceSeconds: STATE_SECONDS }), volumes);
  } catch (error) {
    return `Whether it runs could not be read from the cluster: ${(error as Error).message}`;
  }
}

/** @param volumes whose claims are named; all claims where there are none */
export function stateText({ replicas, ready, claims }: Workload, volumes: readonly VolumeMove[]): string {
  const moved = volumes.map(({ mountPath }) => claims[mountPath] ?? `no claim at ${mountPath}`);
  const mounted = (moved.length > 0 ? moved : Object.values(claims)).join(', ') || 'no claim';
  const asks = `its Deployment asks for ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} on ${mounted}`;
  if (replicas === 0) return `It is DOWN: ${asks}`;
  return ready === 0 ? `It is DOWN: ${asks}, and no pod is Ready` : `It runs: ${asks}, and ${ready} Ready`;
}

/** Errors whose message says already how the app was left. */
const saying = new WeakSet<Error>();

/** Marks an error whose message says how the app was left: nothing is added to it any more. */
export function saysState<Failure extends Error>(error: Failure): Failure {
  saying.add(error);
  return error;
}

export function hasState(error: Error): boolean {
  return saying.has(error);
}

/**
 * Does work at an app that is changing its volumes, and adds to what fails the state that the app is in, read just then, and what leads
 * on from there by the journal. Nothing is added where no change is under way.
 */
export async function withState<Done>(
  site: Pick<CutoverContext, 'app' | 'owner' | 'journal'>,
  volumes: readonly VolumeMove[],
  work: () => Promise<Done>,
): Promise<Done> {
  try {
    return await work();
  } catch (error) {
    const { cutover } = site.journal;
    if (!canBeTold(error) || hasState(error) || !cutover) throw error;
    const state = `${await stateOf(site, volumes)}. ${nextText(site.app, site.journal, volumes)}`;
    throw saysState(sameKind(error, `${error.message}. ${state}`));
  }
}

/** What leads on from a change that is under way, for a person. */
export function nextText(
  app: string,
  journal: Pick<Journal, 'cutover' | 'live' | 'latest'>,
  volumes: readonly VolumeMove[],
): string {
  const [migrate, rollback] = [`"lunward migrate ${app}"`, `"lunward rollback ${app}"`];
  if (journal.cutover && isRestart(journal.cutover))
    return `Its data is where it was: "lunward restart ${app}" goes on with the restart`;
  if (journal.cutover?.phase === 'returning') return `${rollback} resumes the rollback`;
  if (isSwitched(journal, volumes)) {
    return `Its new volumes are live: ${migrate} goes on with it there, ${rollback} rolls it back`;
  }
  if (volumes.every(({ target }) => journal.latest(persistentVolumeName(target))?.state === 'sealed')) {
    return `Its new volumes are sealed: ${migrate} starts it on them, ${rollback} where it was`;
  }
  return `Its data is where it was: ${migrate} resumes the move, ${rollback} starts it on its old volumes`;
}

/** Whether the work is still ours, so that the state of the app may be told: another process may be at it otherwise. */
export function canBeTold(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof LeaseLost) && codeOf(error) !== 'app-held';
}

/** An error of the same class with more words, where that is one for a person. A fault of ours keeps its stack as the cause. */
export function sameKind(error: Error, message: string): Error {
  // The reason of a signal, which is thrown at each check.
  if (error instanceof Interrupted) return new Interrupted(message, { cause: error });
  if (error instanceof UserError) return Object.assign(error, { message });
  const isForPerson = error instanceof RefusedByServer || error instanceof ConflictError || 'syscall' in error;
  return isForPerson ? UserError.from(error, message) : new Error(message, { cause: error });
}
