import type { Workload } from '../../owners/owner';
import type { Cutover } from '../journal/cutover';
import type { FenceRecord } from '../journal/fence-record';

/** What is left of a journal that is gone, while its app is kept stopped. */
export interface StoppedTraces {
  /** What the fence has recorded. */
  readonly record: FenceRecord;
  /** What the lock file says is live: claims by mount path. */
  readonly locked: Readonly<Record<string, string>>;
  /** The first generations, which are live where the lock file says nothing: claims by mount path. */
  readonly first: Readonly<Record<string, string>>;
  /** What the Deployment asks for. Default: there is none. */
  readonly workload?: Workload;
}

/** As much of a journal that is gone as its traces agree on. */
export interface RecoveredJournal {
  readonly live: Readonly<Record<string, string>>;
  readonly before?: Readonly<Record<string, string>>;
  /** Nothing for an app that runs on its new volumes. */
  readonly cutover?: Cutover;
}

/**
 * The journal of an app that was kept stopped, from what its fence has recorded. The fence is put before the app is stopped, and not again
 * at the switch, so the lock file says which volumes are live: it is written before the app is started on others. Where the app may have
 * run on volumes that the lock file does not name, by the Deployment, nothing is concluded.
 *
 * @returns nothing where the traces do not agree
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
    case 'rolling-back':
      // Whatever the Deployment names: the rollback was approved, and leads to the old volumes from either side.
      if (isLocked('to')) return { ...switched, cutover: record };
      if (!isLocked('from')) return undefined;
      return {
        live: { ...locked, ...claimsOn('from') },
        before: claimsOn('to'),
        cutover: { ...record, phase: 'returning' },
      };
    default:
      // Which disk it was is not known any more, so nothing else proves that it runs there.
      if (isLocked('to')) return isMounted('to') && workload?.ready ? switched : undefined;
      return isLocked('from') && isMounted('from') ? { live: locked, cutover: record } : undefined;
  }
}

type Side = 'from' | 'to';

/** What leads on once the journal is written, for a person. */
export function recoveredNext(app: string, { before, cutover }: RecoveredJournal): string {
  const rollback = `"lunward rollback ${app}"`;
  if (!cutover)
    return `${app} runs as it should, and ${rollback} returns it to ${Object.values(before ?? {}).join(', ')}`;
  const replicas = replicasText(cutover);
  if (cutover.phase === 'restarting')
    return `"lunward restart ${app}" checks its file systems and starts it again with ${replicas}`;
  return `${rollback} starts it on ${cutover.volumes.map(({ from }) => from).join(', ')} with ${replicas}`;
}

/** How many replicas an app gets again, for a person. */
export function replicasText({ replicas }: Pick<FenceRecord, 'replicas'>): string {
  return `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
}
