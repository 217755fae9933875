import { untilAsked } from '../../kubernetes/until-asked';
import type { Cutover } from '../journal/cutover';
import type { CutoverContext } from './cutover-context';
import { claimsOf, type VolumeMove } from './volume-move';

/**
 * Whether the Deployment in the cluster asks for the app on its old volumes, or on its new ones, as it is to be there: nothing
 * has to be started then.
 *
 * @throws UnreachableError where the cluster can't be asked
 */
export async function runsOn(
  { owner, signal }: Pick<CutoverContext, 'owner' | 'signal'>,
  volumes: readonly VolumeMove[],
  side: 'source' | 'target',
  { replicas: wanted }: Pick<Cutover, 'replicas'>,
): Promise<boolean> {
  const { replicas, claims } = await untilAsked(() => owner.workload(), { signal });
  const isThere = Object.entries(claimsOf(volumes, side)).every(([mountPath, claim]) => claims[mountPath] === claim);
  // An app that did not run before the move is not started after it.
  return isThere && (replicas > 0 || wanted === 0);
}
