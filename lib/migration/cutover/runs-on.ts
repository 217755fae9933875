import type { Workload } from '../../owners/owner';
import type { CutoverContext } from './cutover-context';

/**
 * Whether the Deployment in the cluster asks for the app on these claims, as it is to be there: nothing has to be started then.
 *
 * @param wanted.claims by mount path
 * @throws UnreachableError where the cluster can't be asked
 */
export async function runsOn(
  { owner }: Pick<CutoverContext, 'owner'>,
  wanted: { readonly claims: Readonly<Record<string, string>>; readonly replicas: number },
): Promise<boolean> {
  const workload = await owner.workload();
  // An app that did not run before the move is not started after it.
  return hasClaims(workload, wanted.claims) && (workload.replicas > 0 || wanted.replicas === 0);
}

/** Whether a Deployment has these claims where they are wanted. @param wanted by mount path */
export function hasClaims({ claims }: Pick<Workload, 'claims'>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([mountPath, claim]) => claims[mountPath] === claim);
}
