import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { UserError } from '../../core/problems';
import { podsUsing } from '../../kubernetes/volume-users';
import { inspectNodes, namesakes } from '../../nodes/observation';
import type { ReachedNode } from '../../nodes/runner';
import type { Chap } from '../../scripts/chap';
import type { SealedVolumeProps } from '../../scripts/copy/verify-volume';
import { type DataVolume, movable } from '../../storage/registry';
import type { CutoverContext } from '../cutover/cutover-context';
import { hasItsVolumes } from '../cutover/judge-pod';
import type { JournalEntry } from '../journal/entry';
import { journaledTarget } from '../journal/journaled-target';
import { waitUntilUnused } from './storage-users';

/** Where a sealed volume can be looked at. */
export interface VerificationNode {
  readonly node: ReachedNode;
  /** The pod that uses it there. Nothing where no pod and no node does anything with it. */
  readonly pod?: string;
}

/** Where the pods of a volume are. */
export type PodUsage =
  | { readonly state: 'unused' }
  | { readonly state: 'used'; readonly pod: string; readonly node: string }
  /** It may be mounted at any moment, or not any more. */
  | { readonly state: 'unknown'; readonly reason: string };

/**
 * Finds the node from which a sealed volume can be looked at: the one that the app runs on; where nobody uses it, which is
 * proven on all nodes, the one that sealed it.
 *
 * @throws UserError where there is none at the moment, with the reason and what to do
 */
export async function findVerificationNode(
  volume: DataVolume,
  latest: Pick<JournalEntry, 'node'>,
  site: Pick<CutoverContext, 'client' | 'nodes' | 'model' | 'signal'>,
): Promise<VerificationNode> {
  // A folder can be read from any node, whatever uses it.
  if (!movable(volume).isExclusive) return { node: nodeNamed(site.nodes, latest.node) };
  const place = await podUsage(volume, site);
  if (place.state === 'unknown') throw new UserError(place.reason, { code: 'place-unknown' });
  const { nodes } = site;
  if (place.state === 'used') {
    const node = nodes.find(({ name }) => name === place.node);
    if (node) return { node, pod: place.pod };
    throw new UserError(
      `pod ${place.pod} runs on ${place.node}, which is not described with ssh: add it to nodes: '${place.node}': { ssh: 'admin@192.0.2.210' }`,
      { category: 'usage', code: 'no-such-node' },
    );
  }
  await waitUntilUnused([volume], site, 0);
  const node = nodeNamed(nodes, latest.node);
  await assertOwnInitiatorName(node, nodes);
  return { node };
}

/** What nothing uses is logged in to for the look. @throws UserError if that would end the session of another node */
async function assertOwnInitiatorName({ name }: ReachedNode, nodes: readonly ReachedNode[]): Promise<void> {
  const [other] = namesakes(name, await inspectNodes(nodes));
  if (!other) return;
  throw new UserError(
    `node ${name}, which sealed the volume, has the initiator name of ${other.name}: its login would end the session of that node. "lunward doctor" shows how to give a node a name of its own`,
    { code: 'initiator-name-shared' },
  );
}

function nodeNamed(nodes: readonly ReachedNode[], wanted: string): ReachedNode {
  const node = nodes.find(({ name }) => name === wanted);
  if (node) return node;
  throw new UserError(
    `node ${wanted}, which sealed the volume, is not described with ssh any more: describe it again, or start the app`,
    { category: 'usage', code: 'no-such-node' },
  );
}

/** Where the pods of a volume are at the moment. */
export async function podUsage(
  { name: claim, namespace }: DataVolume,
  { client, model }: Pick<CutoverContext, 'client' | 'model'>,
): Promise<PodUsage> {
  const own = namespace ?? model.namespace;
  const pods = await client.list<V1Pod>('Pod', own);
  return judgePodUsage(podsUsing({ namespace: own, claim }, { pods, claims: [], volumes: [] }));
}

/** The same of the pods that mount it and have not ended. */
export function judgePodUsage(pods: readonly V1Pod[]): PodUsage {
  const [pod] = pods;
  if (!pod) return { state: 'unused' };
  const nodes = [...new Set(pods.map(({ spec }) => spec?.nodeName ?? 'no node yet'))];
  const names = pods.map(({ metadata }) => metadata?.name ?? '').join(', ');
  if (nodes.length > 1) {
    return { state: 'unknown', reason: `pods ${names} mount it on ${nodes.join(' and ')}: see that only one is left` };
  }
  const running = pods.find(hasItsVolumes);
  const node = running?.spec?.nodeName;
  if (running && node) return { state: 'used', pod: running.metadata?.name ?? '', node };
  return {
    state: 'unknown',
    reason: `pod ${names} on ${nodes[0]} is being started: wait until it runs, or see why it does not ("kubectl describe pod")`,
  };
}

/** What scripts are told of a sealed volume. */
export function sealedPropsOf(
  volume: DataVolume,
  latest: JournalEntry,
  { pod }: VerificationNode,
  chap?: Chap,
): SealedVolumeProps {
  return { ...journaledTarget(volume, latest), isUsed: pod !== undefined, ...(chap && { chap }) };
}
