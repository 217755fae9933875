import { isDeepStrictEqual } from 'node:util';
import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Lock } from '../../cluster/lock';
import type { Finding } from '../../core/advice';
import { UserError } from '../../core/problems';
import type { ClusterClient } from '../../kubernetes/cluster-client';
import type { AppContext } from '../app-context';
import type { JournalEntry } from '../journal/entry';
import type { Journal } from '../journal/journal';
import { type LockDifference, lockDifferences, mendedLock } from '../journal/lock-from-journal';
import { restoreFence } from '../settle/settle';
import { isSettleable } from '../settle/settled';
import { type FenceState, fenceFindings, fenceState } from '../survey/fence-state';
import { lostJournalText } from '../survey/lost-journal';
import { tracesOfMoves } from '../survey/move-traces';
import { inspectUnit } from '../survey/unit-observation';
import { appPods } from './app-pods';
import { settledOrTold, settlingOf } from './command';
import { heldWithState } from './held-with-state';
import { liveVolumes } from './live-volumes';
import { type AppProgress, nextStep } from './next-step';

/** How an app is, and what to do next. */
export interface Status extends AppProgress {
  readonly lock: {
    /** Where it differs from the journal; after it was written, what is left. */
    readonly differences: readonly LockDifference[];
    /** What became of writing it. Default: it was not to be written. */
    readonly written?: 'changed' | 'unchanged';
  };
  /** The fence in the cluster. Default: there is no usable journal, so it is not known what the fence must be. */
  readonly fence?: FenceState;
  readonly findings: readonly Finding[];
  /** What to do next. Default: the cut-over that is under way says it. */
  readonly next?: string;
}

/** Lists the pods of a namespace, or says why they can't be listed. */
export type PodsIn = (namespace: string) => Promise<readonly V1Pod[] | string>;

export interface StatusOptions {
  /** Makes lock file and fence what the journal says. @default false: nothing is changed */
  readonly writeLock?: boolean;
  /** Where several apps share a namespace, `podLists` asks for its pods once. Default: they are listed for this app. */
  readonly podsIn?: PodsIn;
}

/**
 * What is live for an app and how far its volumes are, by the journal, its pods and what runs on the nodes.
 *
 * @param context that ignores the lock file: that may name what is not described, which is reported here
 * @param journal of the app
 */
export async function status(
  context: AppContext,
  journal: Journal,
  { writeLock = false, podsIn = podLists(context.client) }: StatusOptions = {},
): Promise<Status> {
  const { lock } = context;
  const written = writeLock ? await writtenLock(context, lock) : undefined;
  const pods = await podsIn(context.namespace);
  const now = written ? await context.recordedJournal() : journal;
  return statusOf(context, now, pods, { lock: written?.lock ?? lock, ...(written && { written: written.result }) });
}

/** The pods of namespaces, each listed once; a text with the reason where they can't be listed. */
export function podLists(client: Pick<ClusterClient, 'list'>): PodsIn {
  const lists = new Map<string, ReturnType<PodsIn>>();
  return (namespace) => {
    const list =
      lists.get(namespace) ??
      client.list<V1Pod>('Pod', namespace).catch((error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        return error.message;
      });
    lists.set(namespace, list);
    return list;
  };
}

/** Writes what the journal says, while no other process may change either. */
async function writtenLock(
  context: AppContext,
  lock: Lock,
): Promise<{ readonly result: 'changed' | 'unchanged'; readonly lock: Lock }> {
  const { app, model } = context;
  const now = await context.recordedJournal();
  const fence = await fenceState(context, now);
  const isSettled = !fence || ['in place', 'not needed', 'changing', 'unsupported'].includes(fence.is);
  if (isSettled && isDeepStrictEqual(mendedLock(lock, app, model, now), lock)) return { result: 'unchanged', lock };
  return heldWithState(context, async (held) => {
    // Whoever had the lease until now may have moved it on.
    const journal = await held.recordedJournal();
    let mended = lock;
    const result = await held.project.changeLock((onDisk) => {
      mended = mendedLock(onDisk, app, model, journal);
      return mended;
    });
    if (isSettleable(journal)) await settledOrTold(held, () => restoreFence(settlingOf(held, journal)));
    return { result, lock: mended };
  });
}

async function statusOf(
  context: AppContext,
  journal: Journal,
  pods: readonly V1Pod[] | string,
  { lock, written }: { readonly lock: Lock; readonly written?: 'changed' | 'unchanged' },
): Promise<Status> {
  const { app, model } = context;
  const volumes = [];
  for (const [volume, latest] of journal.all()) {
    volumes.push({ volume, latest, work: await workOn(context, volume, latest) });
  }
  const fence = await fenceState(context, journal);
  const seen: Omit<Status, 'next'> = {
    app,
    live: liveVolumes(app, model, journal, lock),
    pods: typeof pods === 'string' ? pods : appPods(model, pods),
    ...(journal.cutover && { cutover: journal.cutover }),
    lock: { differences: lockDifferences(lock, app, model, journal), ...(written && { written }) },
    ...(fence && { fence }),
    findings: fenceFindings(context, fence),
    volumes,
  };
  const traces = journal.exists ? undefined : await tracesOfMoves(context);
  const next = traces ? lostJournalText(traces) : nextStep(seen, model);
  return { ...seen, ...(next && { next }) };
}

/** What runs for a volume on the node that writes to it. */
async function workOn({ nodes }: AppContext, volume: string, latest: JournalEntry): Promise<string> {
  const seen = await inspectUnit(nodes, volume, latest);
  if (typeof seen === 'string') return seen;
  if (!seen) return 'nothing runs for it';
  const { step, unit } = seen;
  if (unit.state === 'ended') return `${step} has ended: run "lunward migrate" again`;
  return `${step} runs: ${unit.progress || 'it has just begun'}`;
}
