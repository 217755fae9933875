import type { Finding } from '../../core/advice';
import { UserError } from '../../core/problems';
import { canFence, claimsOfFence, compareFence } from '../../kubernetes/fence';
import { fenceRefs } from '../../kubernetes/fence-objects';
import { isMovable } from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { AppContext } from '../app-context';
import { isKeptStopped } from '../journal/cutover';
import type { Journal } from '../journal/journal';
import { assertGenerations } from '../settle/described-generations';
import { unfencedClaims } from '../settle/fence-from-journal';
import { isSettleable, settled } from '../settle/settled';

/** The fence of an app in the cluster, compared with the fence that its journal requires. */
export type FenceState =
  /**
   * In the cluster, as it was written, and of everything that the app ever left; whether it refuses pods is not tested. A line of the
   * description that was added or deleted since is in it after the next command that changes something.
   */
  | { readonly is: 'in place'; readonly claims: readonly string[] }
  /** Nothing was ever moved, and there is none. */
  | { readonly is: 'not needed' }
  /** The app is being started: the fence of the previous phase stays until the app was checked. */
  | { readonly is: 'changing' }
  /** Not as required: pods with `claims` must be refused. */
  | { readonly is: 'missing' | 'different'; readonly claims: readonly string[] }
  /** There is one although nothing was ever moved. */
  | { readonly is: 'left over' }
  /** The cluster has no ValidatingAdmissionPolicy. `claims`: what nothing protects, neither a fence nor a guard. */
  | { readonly is: 'unsupported'; readonly claims: readonly string[] }
  /** It could not be read. `claims`: what pods must be refused with; none if nothing was ever moved. */
  | { readonly is: 'unknown'; readonly reason: string; readonly claims: readonly string[] };

type Site = Pick<AppContext, 'app' | 'client' | 'model'>;

/**
 * Compares the fence in the cluster with the journal. Changes nothing.
 *
 * @returns nothing without a journal, or if the journal contradicts itself: then no command settles the fence
 */
export async function fenceState(site: Site, journal: Journal): Promise<FenceState | undefined> {
  if (!isSettleable(journal)) return undefined;
  try {
    return await compared(site, journal);
  } catch (error) {
    // An operator who only plans need not be permitted to read policies.
    if (!(error instanceof UserError)) throw error;
    return { is: 'unknown', reason: error.message, claims: settled({ ...site, journal }).fence?.claims ?? [] };
  }
}

async function compared({ app, client, model }: Site, journal: Journal): Promise<FenceState> {
  const { fence } = settled({ app, model, journal });
  const found = await compareFence(client, fence ?? { app, namespace: model.namespace });
  if (!fence) return { is: found === 'left over' ? 'left over' : 'not needed' };
  const { claims } = fence;
  if (found === 'in place') return { is: 'in place', claims };
  const { cutover } = journal;
  const isStarting = cutover !== undefined && !isKeptStopped(cutover);
  const written = found === 'different' && !isStarting ? await claimsOfFence(client, fence) : undefined;
  if (written && refusesEnough(written, claims, { model, journal })) return { is: 'in place', claims: written };
  if (!(await canFence(client))) return { is: 'unsupported', claims: unfencedClaims({ app, model, journal }) };
  // A fence that follows from a description with other places is not the required one.
  await assertGenerations({ app, client, model, journal });
  if (found === 'different' && isStarting) return { is: 'changing' };
  return { is: found === 'missing' ? 'missing' : 'different', claims };
}

/** Whether a fence that was written for an earlier description refuses all that pods can have used, and admits what is live. */
function refusesEnough(
  written: readonly string[],
  wanted: readonly string[],
  { model: { mounts }, journal }: Pick<AppContext, 'model'> & { readonly journal: Journal },
): boolean {
  const isNeverUsed = (claim: string) =>
    mounts.some(({ mountPath, generations }) => {
      const all = generations.filter(isPersistent);
      const live = all.findIndex(({ name }) => name === journal.live[mountPath]);
      const place = all.findIndex(({ name }) => name === claim);
      const volume = all[place];
      if (!volume || !isMovable(volume) || live < 0 || place < live) return false;
      // Its claim is created for the switch.
      return !['sealed', 'rolled-back'].includes(journal.latest(persistentVolumeName(volume))?.state ?? '');
    });
  const admitted = Object.values(journal.live).filter((claim) => !wanted.includes(claim));
  return (
    wanted.every((claim) => written.includes(claim) || isNeverUsed(claim)) &&
    !admitted.some((claim) => written.includes(claim))
  );
}

/** What is wrong with the fence of an app, and which command restores it. Nothing if it is as it must be, or is about to be. */
export function fenceFindings(
  { app, model: { namespace } }: Pick<AppContext, 'app' | 'model'>,
  state: FenceState | undefined,
): Finding[] {
  const told = state && adviceOf(app, state);
  if (!told) return [];
  const { name } = fenceRefs({ app, namespace }).policy.metadata;
  return [{ subject: `Fence ${name}`, severity: 'warning', ...told }];
}

function adviceOf(app: string, state: FenceState): Pick<Finding, 'code' | 'found' | 'expected' | 'remedy'> | undefined {
  const remedy = `"lunward status ${app} --write-lock" makes it what the journal requires, as does every command that changes ${app}`;
  switch (state.is) {
    case 'in place':
    case 'not needed':
    case 'changing':
      return undefined;
    case 'missing':
      return {
        code: 'fence-missing',
        found: 'is not in the cluster',
        expected: `it to refuse pods with claim ${state.claims.join(', ')}`,
        remedy,
      };
    case 'different':
      return {
        code: 'fence-differs',
        found: 'was edited, or is older than the journal',
        expected: `it to refuse pods with claim ${state.claims.join(', ')}`,
        remedy,
      };
    case 'left over':
      return { code: 'fence-differs', found: 'is in the cluster', expected: 'none, because nothing was moved', remedy };
    case 'unsupported':
      if (state.claims.length === 0) return undefined;
      return {
        code: 'fence-unsupported',
        found: `can't exist: the cluster has no ValidatingAdmissionPolicy (Kubernetes before 1.30), and nothing else refuses pods with claim ${state.claims.join(', ')}`,
        remedy: 'do not apply manifests that name these claims',
      };
    case 'unknown':
      if (state.claims.length === 0) return undefined;
      return {
        code: 'fence-unknown',
        found: `could not be read: ${state.reason}`,
        expected: `it to refuse pods with claim ${state.claims.join(', ')}`,
        remedy: 'until it is read it is not known whether they are refused',
      };
  }
}
