import type { Seal } from '../../workload/model';
import type { MoveTraces } from './move-traces';
import type { RecoveredJournal } from './recovered-journal';

/**
 * Why the live volumes that the lock file names are not proven. The lock file may be from an old checkout, and old manifests may have been
 * applied with it: an app that is started on an old volume loses what it has written since.
 *
 * @param written what a new journal would contain
 * @returns clauses for a message; none if all traces agree
 */
export function contradictions(traces: MoveTraces, written: RecoveredJournal): string[] {
  // The rollback was approved: it ends on the old volumes, whichever of both are live.
  if (traces.fence?.record?.phase === 'rolling-back') return [];
  const live = Object.entries(written.live);
  return [
    ...refusedByFence(traces, live),
    ...unknownToLock(traces),
    ...perhapsSwitched(traces, written),
    ...otherSeals(traces, live),
    ...otherPods(traces, live),
  ];
}

type Live = readonly (readonly [mountPath: string, claim: string])[];

/** While an app is kept stopped, its fence refuses the live volumes too. */
function refusedByFence({ fence }: MoveTraces, live: Live): string[] {
  if (!fence || fence.isOfStopped) return [];
  return live.flatMap(([, claim]) =>
    fence.refused.includes(claim)
      ? [`the fence refuses pods with claim ${claim}, which lunward.lock.json calls live`]
      : [],
  );
}

/** Lunward writes the seal into the lock file before it creates the claim. */
function unknownToLock({ created, sealed }: MoveTraces): string[] {
  return created.flatMap((claim) =>
    sealed[claim]
      ? []
      : [`claim ${claim} is in the cluster, but lunward.lock.json has no seal for it: the file is older`],
  );
}

function perhapsSwitched({ created }: MoveTraces, { cutover }: RecoveredJournal): string[] {
  if (cutover?.phase !== 'stopping') return [];
  return cutover.volumes.flatMap(({ to }) =>
    created.includes(to) ? [`claim ${to} is in the cluster, so the app may have run on it`] : [],
  );
}

function otherSeals({ guarded, sealed, workload }: MoveTraces, live: Live): string[] {
  const mounted = Object.values(workload?.claims ?? {});
  return live.flatMap(([, claim]) => {
    const [guard, seal] = [guarded[claim], sealed[claim]];
    if (!mounted.includes(claim) || (guard?.attempt === seal?.attempt && guard?.uuid === seal?.uuid)) return [];
    return [`the Deployment accepts ${claim} ${sealText(guard)}, but lunward.lock.json has it ${sealText(seal)}`];
  });
}

const sealText = (seal: Seal | undefined) => (seal ? `sealed as attempt ${seal.attempt}` : 'without a seal');

/** The Deployment may have another template than the pods that still run. */
function otherPods({ pods }: MoveTraces, live: Live): string[] {
  if (!pods) return ['the pods of the app could not be listed'];
  return pods.flatMap(({ name, claims }) =>
    live.flatMap(([mountPath, claim]) =>
      claims[mountPath] === claim ? [] : [`pod ${name} mounts ${claims[mountPath] ?? 'no claim'} at ${mountPath}`],
    ),
  );
}
