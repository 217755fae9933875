import type { Finding } from '../../core/advice';
import { UserError } from '../../core/problems';
import { canFence, claimsOfFence, compareFence } from '../../kubernetes/fence';
import { fenceRefs } from '../../kubernetes/fence-objects';
import { isMovable } from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { AppContext } from '../app-context';
import { isKeptStopped, isRestart, phasesBefore } from '../journal/cutover';
import type { Journal } from '../journal/journal';
import { assertGenerations } from '../settle/described-generations';
import { type FenceFacts, fenceFromJournal, unfencedClaims } from '../settle/fence-from-journal';
import { ended, isSettleable, settled } from '../settle/settled';

/** The fence of an app in the cluster, compared with the fence that its journal requires. */
export type FenceState =
  /**
   * In the cluster, as it was written, and of everything that the app ever left; whether it refuses pods is not tested. A line of the
   * description that was added or deleted since is in it after the next command that changes something.
   */
  | { readonly is: 'in place'; readonly claims: readonly string[] }
  /** Nothing was ever moved, and there is none. */
  | { readonly is: 'not needed' }
  /** The app is being started: the fence of the phase before or after, as it was written, is in the cluster. */
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
  if (!fence && found !== 'left over') return { is: 'not needed' };
  if (found === 'different' || found === 'left over') {
    if (await isBetweenPhases({ app, client, model }, journal)) return { is: 'changing' };
  }
  if (!fence) return { is: (await isBeingLifted({ app, client, model }, journal)) ? 'changing' : 'left over' };
  const { claims } = fence;
  if (found === 'in place') return { is: 'in place', claims };
  const written = found === 'different' ? await claimsOfFence(client, fence) : undefined;
  if (written && refusesEnough(written, claims, { model, journal })) return { is: 'in place', claims: written };
  if (!(await canFence(client))) return { is: 'unsupported', claims: unfencedClaims({ app, model, journal }) };
  // A fence that follows from a description with other places is not the required one.
  await assertGenerations({ app, client, model, journal });
  return { is: found === 'missing' ? 'missing' : 'different', claims };
}

/**
 * Whether an app is being started, and its fence is still the one that it had while it was kept stopped, or already the one that stays:
 * nobody has edited it, and it refuses all that it has to. The fence may follow from an earlier description.
 */
async function isBetweenPhases({ app, client, model }: Site, journal: Journal): Promise<boolean> {
  for (const facts of phasesAround(journal)) {
    const fence = fenceFromJournal({ app, model, journal: facts });
    const written = fence && (await claimsOfFence(client, fence));
    if (written && fence.claims.every((claim) => written.includes(claim) || isNeverUsed(claim, { model, journal }))) {
      return true;
    }
  }
  return false;
}

/** Whether an app is being started, and the fence that it had has no binding any more, which is removed first: it refuses nothing. */
async function isBeingLifted({ app, client, model }: Site, { cutover }: Journal): Promise<boolean> {
  if (!cutover || isKeptStopped(cutover)) return false;
  return !(await client.read(fenceRefs({ app, namespace: model.namespace }).binding));
}

/** The journal of an app that is being started, as it was in each phase that kept it stopped, and as it will be once it runs. */
function phasesAround(journal: Journal): FenceFacts['journal'][] {
  const { live, before, retired, cutover } = journal;
  if (!cutover || isKeptStopped(cutover)) return [];
  const earlier = phasesBefore(cutover.phase).filter((phase) => isKeptStopped({ phase }));
  const stopped = earlier.map((phase) => {
    const claims = cutover.volumes.map(
      ({ mountPath, from, to }) => [mountPath, phase === 'stopping' ? from : to] as const,
    );
    return {
      live: { ...live, ...(isRestart(cutover) ? {} : Object.fromEntries(claims)) },
      before,
      retired,
      cutover: { ...cutover, phase },
    };
  });
  return [...stopped, ended(journal)];
}

interface Generations extends Pick<AppContext, 'model'> {
  readonly journal: Journal;
}

/** Whether a fence that was written for an earlier description refuses all that pods can have used, and admits what is live. */
function refusesEnough(written: readonly string[], wanted: readonly string[], generations: Generations): boolean {
  const admitted = Object.values(generations.journal.live).filter((claim) => !wanted.includes(claim));
  return (
    wanted.every((claim) => written.includes(claim) || isNeverUsed(claim, generations)) &&
    !admitted.some((claim) => written.includes(claim))
  );
}

/** Whether no pod can have had this claim: it is of a generation after the live one, and its claim is created for the switch. */
function isNeverUsed(claim: string, { model: { mounts }, journal }: Generations): boolean {
  return mounts.some(({ mountPath, generations }) => {
    const all = generations.filter(isPersistent);
    const live = all.findIndex(({ name }) => name === journal.live[mountPath]);
    const place = all.findIndex(({ name }) => name === claim);
    const volume = all[place];
    if (!volume || !isMovable(volume) || live < 0 || place <= live) return false;
    return !['sealed', 'rolled-back'].includes(journal.latest(persistentVolumeName(volume))?.state ?? '');
  });
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
