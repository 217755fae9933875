import type { V1Node, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { pollUntil } from '../../core/poll-until';
import { UserError } from '../../core/problems';
import type { ClusterClient } from '../../kubernetes/cluster-client';
import { isPodOf } from '../../kubernetes/pods-of-app';
import { hasEnded, podsUsing, readMountObjects } from '../../kubernetes/volume-users';
import type { ReachedNode } from '../../nodes/runner';
import { type DataVolume, movable } from '../../storage/registry';
import { usedVolume } from '../../storage/used-volume';
import type { CutoverContext } from '../cutover/cutover-context';

type Asked = Pick<CutoverContext, 'client' | 'nodes' | 'model' | 'signal'>;

/**
 * Waits until nothing uses volumes: no pod of the cluster, and no node, each of which is looked at. A node that can't be looked
 * at is not proven to do nothing.
 *
 * @param seconds how long it is waited for
 * @param whenLeft is done, again and again, while only nodes use them still; it may end that
 * @throws UserError with everything that uses them still, or may; UnreachableError where the cluster could not be asked at the end
 */
export async function waitUntilUnused(
  volumes: readonly DataVolume[],
  site: Asked,
  seconds: number,
  whenLeft: () => Promise<void> = async () => {},
): Promise<void> {
  const { signal } = site;
  const look = () => usersInTurn(volumes, site, whenLeft);
  const users = await pollUntil(look, (seen) => seen.length === 0, { seconds, signal });
  if (users.length > 0) {
    throw new UserError(`it is still in use, or may be, after ${seconds} s: ${users.join('; ')}`, {
      code: 'storage-in-use',
    });
  }
}

/** Nodes are asked once no pod is left that they would have mounted something for. */
async function usersInTurn(
  volumes: readonly DataVolume[],
  site: Asked,
  whenLeft: () => Promise<void>,
): Promise<string[]> {
  const pods = await podUsers(volumes, site);
  if (pods.length > 0) return pods;
  const nodes = await nodeUsers(volumes, site);
  if (nodes.length > 0) await whenLeft();
  return nodes;
}

/**
 * Waits until no pod of an app is left that has one of the volumes mounted and has not ended: a Deployment that is scaled up again does not wait for one that is
 * ending, and two pods would write to one volume.
 *
 * @throws UserError with the pods that are left; UnreachableError where the cluster could not be asked at the end
 */
export async function waitUntilEnded(
  volumes: readonly DataVolume[],
  site: Pick<Asked, 'client' | 'model' | 'signal'>,
  seconds: number,
): Promise<void> {
  const claims = volumes.map(({ name }) => name);
  await waitForPods(claims, site, { seconds, isOver: (left) => left.length === 0 });
}

/**
 * The same for an app whose Deployment asks for it already. If it has a pod that is not ending, it runs. If somebody has scaled it up while
 * its pod was ending, the fence keeps a second pod away, and must stay closed until the first one has ended.
 *
 * @throws UserError, UnreachableError as `waitUntilEnded` does
 */
export async function waitWhileEnding(
  volumes: readonly DataVolume[],
  site: Pick<Asked, 'client' | 'model' | 'signal'>,
  seconds: number,
): Promise<void> {
  const claims = volumes.map(({ name }) => name);
  const isOver = (left: readonly V1Pod[]) =>
    left.length === 0 || left.some(({ metadata }) => !metadata?.deletionTimestamp);
  await waitForPods(claims, site, { seconds, isOver });
}

/** Waits for the pods of an app that have one of these claims mounted and have not ended. */
async function waitForPods(
  claims: readonly string[],
  { client, model, signal }: Pick<Asked, 'client' | 'model' | 'signal'>,
  { seconds, isOver }: { readonly seconds: number; readonly isOver: (left: readonly V1Pod[]) => boolean },
): Promise<void> {
  const isMounted = ({ spec }: V1Pod) =>
    spec?.volumes?.some(({ persistentVolumeClaim: claim }) => claim && claims.includes(claim.claimName));
  const look = async () => {
    const all = await client.list<V1Pod>('Pod', model.namespace);
    return all.filter((pod) => isPodOf(model, pod) && isMounted(pod) && !hasEnded(pod));
  };
  const left = await pollUntil(look, isOver, { seconds, signal });
  if (isOver(left)) return;
  throw new UserError(
    `after ${seconds} s the app still has ${left.map(podText).join(', ')}: a second pod would write to the same volume, so none was started`,
    { code: 'storage-in-use' },
  );
}

/** What uses volumes, or may, in words. */
export async function storageUsers(
  volumes: readonly DataVolume[],
  site: Pick<CutoverContext, 'client' | 'nodes' | 'model'>,
): Promise<string[]> {
  return [...(await podUsers(volumes, site)), ...(await nodeUsers(volumes, site))];
}

/** Pods that use volumes, in words. */
async function podUsers(
  volumes: readonly DataVolume[],
  { client, model }: Pick<CutoverContext, 'client' | 'model'>,
): Promise<string[]> {
  const objects = await readMountObjects(client);
  const using = volumes.flatMap((volume) => podsUsing(usedVolume(volume, model.namespace), objects));
  return using.map(podText);
}

function podText({ metadata, spec }: V1Pod): string {
  const ending = metadata?.deletionTimestamp ? ', which is ending' : '';
  return `pod ${metadata?.namespace}/${metadata?.name} on ${spec?.nodeName ?? 'no node yet'}${ending}`;
}

/** What nodes do with volumes, in words, and which of them can't be asked. */
async function nodeUsers(
  volumes: readonly DataVolume[],
  { client, nodes }: Pick<CutoverContext, 'client' | 'nodes'>,
): Promise<string[]> {
  const unreached = await unreachedNodes(client, nodes);
  const used = await Promise.all(nodes.map((node) => usesOn(node, volumes)));
  return [...unreached.map((name) => `${unreachedNode(name)}: what it does is not known`), ...used.flat()];
}

/** The nodes of a cluster that Lunward can't inspect. */
export async function unreachedNodes(client: ClusterClient, nodes: readonly ReachedNode[]): Promise<string[]> {
  const names = (await client.list<V1Node>('Node')).map(({ metadata }) => metadata?.name ?? '');
  return names.filter((name) => !nodes.some((node) => node.name === name));
}

/** One of them, in words. */
export function unreachedNode(name: string): string {
  return `node ${name} of the cluster is not described with ssh`;
}

/** What a node does with volumes, in words, or why that is not known. */
export async function usesOn(node: ReachedNode, volumes: readonly DataVolume[]): Promise<string[]> {
  const asked = await Promise.all(volumes.map((volume) => movable(volume).usesOn(volume, node)));
  // Whoever is not reached is not for one volume more than for another.
  const unknown = asked.find((uses) => typeof uses === 'string');
  return unknown === undefined ? [...new Set(asked.flat())] : [`node ${node.name} can't be inspected (${unknown})`];
}
