import type { Workload } from '../../owners/owner';
import type { Cutover } from '../journal/cutover';
import type { FenceRecord } from '../journal/fence-record';

/** What is left of a deleted journal while the app is kept stopped. */
export interface StoppedTraces {
  /** What the fence has recorded. */
  readonly record: FenceRecord;
  /** What the lock file says is live: claims by mount path. */
  readonly locked: Readonly<Record<string, string>>;
  /** The first generations, which are live if the lock file names none: claims by mount path. */
  readonly first: Readonly<Record<string, string>>;
  /** What the Deployment asks for. Default: there is none. */
  readonly workload?: Workload;
}

/** As much of a deleted journal as its traces agree on. */
export interface RecoveredJournal {
  readonly live: Readonly<Record<string, string>>;
  readonly before?: Readonly<Record<string, string>>;
  /** Nothing for an app that runs on its new volumes. */
  readonly cutover?: Cutover;
}

/**
 * The journal of an app that was kept stopped, from what its fence has recorded. Lunward writes the fence before it stops the app, and not
 * again at the switch, so the fence does not say which volumes are live. The lock file does: it is written before the app starts on other
 * volumes. If the Deployment shows that the app may have run on volumes that the lock file does not name, nothing is concluded.
 *
 * @returns nothing if the traces do not agree
 */
export function recoveredJournal({ record, locked, first, workload }: StoppedTraces): RecoveredJournal | undefined {
  const claims = workload?.claims ?? {};
  const isLocked = (side: Side) =>
    record.volumes.every((volume) => (locked[volume.mountPath] ?? first[volume.mountPath]) === volume[side]);
  const isMounted = (side: Side) => record.volumes.every((volume) => claims[volume.mountPath] === volume[side]);
  const claimsOn = (side: Side) => Object.fromEntries(record.volumes.map((one) => [one.mountPath, one[side]]));
  const switched = { live: { ...locked, ...claimsOn('to') }, before: claimsOn('from') };
  switch (record.phase) {
    case 'restarting':
      return isLocked('from') && isMounted('from') ? { live: locked, cutover: record } : undefined;
    case 'stopped-on-target':
      return isLocked('to') && isMounted('to') ? { ...switched, cutover: record } : undefined;
    case 'rolling-back':
      // The Deployment does not matter: the rollback was approved, and ends on the old volumes from either side.
      if (isLocked('to')) return { ...switched, cutover: record };
      if (!isLocked('from')) return undefined;
      return {
        live: { ...locked, ...claimsOn('from') },
        before: claimsOn('to'),
        cutover: { ...record, phase: 'returning' },
      };
    default:
      // The journal no longer says which disk it was, so only a Ready pod proves that the app runs there.
      if (isLocked('to')) return isMounted('to') && workload?.ready ? switched : undefined;
      return isLocked('from') && isMounted('from') ? { live: locked, cutover: record } : undefined;
  }
}

type Side = 'from' | 'to';

/** What to run once the journal is written, for a person. */
export function recoveredNext(app: string, { before, cutover }: RecoveredJournal): string {
  const rollback = `"lunward rollback ${app}"`;
  if (!cutover)
    return `${app} runs as it should, and ${rollback} returns it to ${Object.values(before ?? {}).join(', ')}`;
  const replicas = replicasText(cutover);
  if (cutover.phase === 'restarting')
    return `"lunward restart ${app}" checks its file systems and starts it again with ${replicas}`;
  return `${rollback} starts it on ${cutover.volumes.map(({ from }) => from).join(', ')} with ${replicas}`;
}

/** With how many replicas an app is started again, for a person. */
export function replicasText({ replicas }: Pick<FenceRecord, 'replicas'>): string {
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
}
