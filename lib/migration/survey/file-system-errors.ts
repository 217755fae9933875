import type { Finding } from '../../core/advice';
import { inspectNodes, mayLogIn, type NodeObservation } from '../../nodes/observation';
import { runForFacts } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import type { Chap } from '../../scripts/chap';
import { mountedFindings, superblockFindings } from '../../storage/file-system-findings';
import { type DataVolume, describeStorage, movable } from '../../storage/registry';

/** The volume of an app whose file system is looked at. */
export interface InspectedVolume {
  /** Key of the app in the description. */
  readonly app: string;
  readonly volume: DataVolume;
  /** What opens it where nothing has it mounted. Default: nothing is opened without credentials. */
  readonly chap?: Chap;
}

/**
 * Errors of the file system that an app has its data on: on each node that has it mounted; where none has, in its superblock. A node that
 * can't be asked is a finding. Nothing is changed, and no disk is waited for.
 *
 * @param observe what was seen on the nodes, to tell which of them may log in. Default: they are inspected for this
 */
export async function fileSystemErrors(
  { app, volume, chap }: InspectedVolume,
  nodes: readonly ReachedNode[],
  observe: () => Promise<readonly NodeObservation[]> = () => inspectNodes(nodes),
): Promise<Finding[]> {
  const { fileSystems } = movable(volume);
  if (!fileSystems) return [];
  const place = describeStorage(volume);
  const looks = await Promise.all(
    nodes.map(async (node) => ({ node: node.name, seen: await runForFacts(node, fileSystems.mountedErrors(volume)) })),
  );
  const findings = looks.flatMap(({ node, seen }) =>
    typeof seen === 'string'
      ? [notAsked(place, node, seen)]
      : seen.mounted.flatMap((one) => mountedFindings({ app, place, node }, one)),
  );
  // A node that could not be asked may have it mounted.
  if (looks.some(({ seen }) => typeof seen === 'string' || seen.mounted.length > 0)) return findings;
  const script = fileSystems.superblockErrors(volume, chap);
  if (!script || (movable(volume).needsCredentials(volume) && !chap)) return findings;
  const able = mayLogIn(await observe()).map(({ name }) => name);
  for (const node of nodes.filter(({ name }) => able.includes(name))) {
    const seen = await runForFacts(node, script);
    // Why a node does not reach it is found by others.
    if (typeof seen !== 'string') return superblockFindings({ app, place, node: node.name }, seen);
  }
  return findings;
}

function notAsked(place: string, node: string, why: string): Finding {
  return {
    code: 'node-unreachable',
    subject: node,
    affects: { node },
    severity: 'warning',
    found: `could not be asked whether the file system on ${place} has errors: ${why}`,
    remedy: 'run this again once the node answers',
  };
}
