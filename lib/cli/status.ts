import { isDeepStrictEqual } from 'node:util';
import { liveCluster } from '../cluster/live';
import type { Lock } from '../cluster/lock';
import { reachedNodes } from '../executors/ssh-nodes';
import { ClusterClient } from '../kubernetes/cluster-client';
import { checkKubeconfig } from '../kubernetes/kubeconfig';
import { withLease } from '../kubernetes/lease';
import { changeLock, loadCluster } from '../load/load-cluster';
import { Journal, type JournalEntry } from '../migration/journal';
import { lockDifferences, mendedLock } from '../migration/lock-from-journal';
import type { ReachedNode } from '../migration/node-look';
import { lookAtUnit } from '../migration/unit-look';
import { appOf } from '../migration/volumes-to-fill';
import type { MediaAppModel } from '../workload/model';
import { type Status, statusText } from './status-text';

interface Options {
  readonly file: string;
  readonly json?: boolean;
  /** Writes into the lock what the journal says. Default: nothing is changed. */
  readonly writeLock?: boolean;
}

/** What is looked at for one app. */
interface Place {
  readonly file: string;
  readonly app: string;
  readonly model: MediaAppModel;
  readonly client: ClusterClient;
  readonly nodes: readonly ReachedNode[];
}

/** Prints how far apps' volumes are, by the journal and by what runs on the nodes. */
export async function status(apps: readonly string[], { file, json, writeLock = false }: Options): Promise<void> {
  const loaded = await loadCluster(file);
  // Without the lock: it may name what is not described, and that is to be told and mended here.
  const described = liveCluster(loaded.cluster);
  const models = apps.map((app) => ({ app, model: appOf(described, app) }));
  const { context } = loaded.cluster.description;
  checkKubeconfig(context);
  const client = new ClusterClient(context);
  const nodes = reachedNodes(loaded.cluster);
  let { lock } = loaded;
  const all: Status[] = [];
  for (const { app, model } of models) {
    const place: Place = { file: loaded.file, app, model, client, nodes };
    const written = writeLock ? await writtenLock(place, lock) : undefined;
    lock = written?.lock ?? lock;
    all.push(await statusOf(place, lock, written?.result));
  }
  console.log(json ? JSON.stringify(all, undefined, 2) : all.map(statusText).join('\n\n'));
}

/** Writes what the journal says, while nobody else may change either. */
async function writtenLock(
  { file, app, model, client }: Place,
  lock: Lock,
): Promise<{ readonly result: 'changed' | 'unchanged'; readonly lock: Lock }> {
  const read = () => Journal.read(client, model.namespace, app);
  if (isDeepStrictEqual(mendedLock(lock, app, model, await read()), lock)) return { result: 'unchanged', lock };
  return withLease(client, { namespace: model.namespace, name: Journal.nameFor(app) }, async (stillHeld) => {
    // Whoever had the lease until now may have moved it on.
    const journal = await read();
    stillHeld();
    let mended = lock;
    changeLock(file, (onDisk) => {
      mended = mendedLock(onDisk, app, model, journal);
      return mended;
    });
    return { result: 'changed', lock: mended };
  });
}

async function statusOf(place: Place, lock: Lock, written: Status['lock']['written']): Promise<Status> {
  const { app, model, client } = place;
  const journal = await Journal.read(client, model.namespace, app);
  const volumes = [];
  for (const [volume, latest] of journal.all()) {
    volumes.push({ volume, latest, work: await workOn(place, volume, latest) });
  }
  return {
    app,
    live: Object.entries(journal.live).map(([mountPath, claim]) => {
      const before = journal.before[mountPath];
      return { mountPath, claim, ...(before && { before }) };
    }),
    ...(journal.cutover && { cutover: journal.cutover }),
    lock: { differences: lockDifferences(lock, app, model, journal), ...(written && { written }) },
    volumes,
  };
}

/** What runs for a volume on the node that writes to it. */
async function workOn({ nodes }: Place, volume: string, latest: JournalEntry): Promise<string> {
  const seen = await lookAtUnit(nodes, volume, latest);
  if (typeof seen === 'string') return seen;
  if (!seen) return 'nothing runs for it';
  const { step, unit } = seen;
  if (unit.state === 'ended') return `${step} has ended: run "lunward migrate" again`;
  return `${step} runs: ${unit.progress || 'it has just begun'}`;
}
