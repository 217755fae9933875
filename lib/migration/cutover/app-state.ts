import { UserError } from '../../core/problems';
import { ConflictError, RefusedByServer } from '../../kubernetes/cluster-client';
import { LeaseLost } from '../../kubernetes/lease-lost';
import { untilAsked } from '../../kubernetes/until-asked';
import type { Workload } from '../../owners/owner';
import type { CutoverContext } from './cutover-context';
import { Interrupted } from './interrupted';
import type { VolumeMove } from './volume-move';

/** How long the cluster is asked for it: a message waits no longer. */
const SECONDS = 15;

/** Whether an app runs, read from the cluster just now, in words for a message. It never fails. */
export async function stateOf(
  { owner }: Pick<CutoverContext, 'owner'>,
  volumes: readonly VolumeMove[],
): Promise<string> {
  try {
    return stateText(await untilAsked(() => owner.workload(), { patienceSeconds: SECONDS }), volumes);
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

/**
 * Does work, and adds to what fails the state that the app is in.
 *
 * @param next what to do, for a person
 */
export async function withState<Done>(
  site: Pick<CutoverContext, 'owner'>,
  volumes: readonly VolumeMove[],
  next: string,
  work: () => Promise<Done>,
): Promise<Done> {
  try {
    return await work();
  } catch (error) {
    if (!canBeTold(error)) throw error;
    throw sameKind(error, `${error.message}. ${await stateOf(site, volumes)}. ${next}`);
  }
}

/** Whether the work is still ours, so that the state of the app may be told: another process may be at it otherwise. */
export function canBeTold(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof LeaseLost);
}

/** An error of the same class with more words, where that is one for a person. A fault of ours keeps its stack as the cause. */
export function sameKind(error: Error, message: string): Error {
  // The reason of a signal, which is thrown at each look at it.
  if (error instanceof Interrupted) return new Interrupted(message, { cause: error });
  if (error instanceof UserError) return Object.assign(error, { message });
  const isForPerson = error instanceof RefusedByServer || error instanceof ConflictError || 'syscall' in error;
  return isForPerson ? UserError.from(error, message) : new Error(message, { cause: error });
}
