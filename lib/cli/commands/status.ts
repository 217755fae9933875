import { isDeepStrictEqual } from 'node:util';
import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { liveCluster } from '../../cluster/live';
import { changeLock, loadCluster } from '../../cluster/load-cluster';
import type { Lock } from '../../cluster/lock';
import { UserError } from '../../core/problems';
import { ClusterClient } from '../../kubernetes/cluster-client';
import { checkKubeconfig } from '../../kubernetes/kubeconfig';
import { withLease } from '../../kubernetes/lease';
import { Journal, type JournalEntry } from '../../migration/journal/journal';
import { lockDifferences, mendedLock } from '../../migration/journal/lock-from-journal';
import { appOf } from '../../migration/plan/wanted-volumes';
import type { ReachedNode } from '../../migration/survey/node-observation';
import { inspectUnit } from '../../migration/survey/unit-observation';
import { anyReachedNodes } from '../../nodes/ssh/ssh-nodes';
import type { MediaAppModel } from '../../workload/model';
import { appPods } from '../app-pods';
import { eachApp, isProblem } from '../each-app';
import { liveVolumes } from '../live-volumes';
import { nextStep } from '../next-step';
import { type Status, statusText } from '../views/status-text';

interface Options {
  readonly file: string;
  readonly json?: boolean;
  /** Writes into the lock what the journal says. Default: nothing is changed. */
  readonly writeLock?: boolean;
}

/** What is looked at for one app. */
interface Place {
  readonly pods: () => Promise<readonly V1Pod[] | string>;
  readonly file: string;
  readonly app: string;
  readonly model: MediaAppModel;
  readonly client: ClusterClient;
  readonly nodes: readonly ReachedNode[];
}

/**
 * Prints what is live for apps and how far their volumes are, by the journal, the pods and what runs on the nodes.
 *
 * @param apps Default: all of the description.
 * @returns the exit code: 1 where an app could not be looked at
 */
export async function status(apps: readonly string[], { file, json, writeLock = false }: Options): Promise<number> {
  const loaded = await loadCluster(file);
  // Without the lock: it may name what is not described, and that is to be told and mended here.
  const described = liveCluster(loaded.cluster);
  const names = apps.length > 0 ? apps : Object.keys(described.apps);
  const models = names.map((app) => ({ app, model: appOf(described, app) }));
  const { context } = loaded.cluster.description;
  checkKubeconfig(context);
  const client = new ClusterClient(context);
  const nodes = anyReachedNodes(loaded.cluster);
  let { lock } = loaded;
  const podsIn = podLists(client);
  const places = models.map(
    ({ app, model }): Place => ({ file: loaded.file, app, model, client, nodes, pods: () => podsIn(model.namespace) }),
  );
  const all = await eachApp(places, journalOf, async (place, journal) => {
    const written = writeLock ? await writtenLock(place, lock) : undefined;
    lock = written?.lock ?? lock;
    return statusOf(place, written ? await journalOf(place) : journal, lock, written?.result);
  });
  const none = ['No app is described.'];
  console.log(json ? JSON.stringify(all, undefined, 2) : (all.length > 0 ? all.map(statusText) : none).join('\n\n'));
  return all.some(isProblem) ? 1 : 0;
}

const journalOf = ({ client, model, app }: Place) => Journal.read(client, model.namespace, app);

/** The pods of namespaces, each listed once; a text where they can't be listed, and why. */
function podLists(client: ClusterClient): (namespace: string) => Promise<readonly V1Pod[] | string> {
  const lists = new Map<string, Promise<readonly V1Pod[] | string>>();
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

/** Writes what the journal says, while nobody else may change either. */
async function writtenLock(
  place: Place,
  lock: Lock,
): Promise<{ readonly result: 'changed' | 'unchanged'; readonly lock: Lock }> {
  const { file, app, model, client } = place;
  const read = () => journalOf(place);
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

async function statusOf(
  place: Place,
  journal: Journal,
  lock: Lock,
  written: Status['lock']['written'],
): Promise<Status> {
  const { app, model } = place;
  const pods = await place.pods();
  const volumes = [];
  for (const [volume, latest] of journal.all()) {
    volumes.push({ volume, latest, work: await workOn(place, volume, latest) });
  }
  const seen: Omit<Status, 'next'> = {
    app,
    live: liveVolumes(app, model, journal, lock),
    pods: typeof pods === 'string' ? pods : appPods(model, pods),
    ...(journal.cutover && { cutover: journal.cutover }),
    lock: { differences: lockDifferences(lock, app, model, journal), ...(written && { written }) },
    volumes,
  };
  const next = nextStep(seen, model);
  return { ...seen, ...(next && { next }) };
}

/** What runs for a volume on the node that writes to it. */
async function workOn({ nodes }: Place, volume: string, latest: JournalEntry): Promise<string> {
  const seen = await inspectUnit(nodes, volume, latest);
  if (typeof seen === 'string') return seen;
  if (!seen) return 'nothing runs for it';
  const { step, unit } = seen;
  if (unit.state === 'ended') return `${step} has ended: run "lunward migrate" again`;
  return `${step} runs: ${unit.progress || 'it has just begun'}`;
}
