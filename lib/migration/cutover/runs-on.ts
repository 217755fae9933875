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
  const { replicas, claims } = await owner.workload();
  const isThere = Object.entries(wanted.claims).every(([mountPath, claim]) => claims[mountPath] === claim);
  // An app that did not run before the move is not started after it.
  return isThere && (replicas > 0 || wanted.replicas === 0);
}
