import type { Advice } from '../core/advice';
import { canonicalIscsiName } from '../core/iscsi-names';
import type { Chap } from '../scripts/chap';
import type { DeclineCode } from '../scripts/decline-codes';
import type { PlannedLun } from '../scripts/lun/format-lun';
import { type ProbedTarget, probeLun } from '../scripts/lun/probe-lun';
import { type NodeFacts, nodeFacts } from '../scripts/node/node-facts';
import type { Script } from '../scripts/script';
import { sharedInitiatorNames } from './findings';
import { tryRun } from './run-script';
import type { ReachedNode } from './runner';

/** What was seen on a node, and through it. */
export interface NodeObservation {
  readonly name: string;
  /** Why there is nothing more to say. */
  readonly problem?: string;
  /** Set where the script declined with one. */
  readonly declined?: DeclineCode;
  readonly facts?: NodeFacts;
  readonly target?: ProbedTarget;
}

/** Looks at every node, at all of them at once. */
export function inspectNodes(nodes: readonly ReachedNode[]): Promise<NodeObservation[]> {
  return Promise.all(nodes.map((node) => inspect(node, nodeFacts(), (facts) => ({ facts }))));
}

/**
 * The nodes that may log in to targets: with a login under the name of another node, the target would end the session of that node, with
 * its disks. Of nodes that share a name, none does.
 */
export function mayLogIn(looks: readonly NodeObservation[]): NodeObservation[] {
  return looks.filter(
    ({ name, facts }) =>
      facts?.initiatorName && facts.programs.includes('iscsiadm') && namesakes(name, looks).length === 0,
  );
}

/** The other nodes that have the initiator name of this one. */
export function namesakes(node: string, looks: readonly NodeObservation[]): NodeObservation[] {
  const nameOf = ({ facts }: NodeObservation) => canonicalIscsiName(facts?.initiatorName ?? '');
  const own = looks.find(({ name }) => name === node);
  if (!own?.facts?.initiatorName) return [];
  return looks.filter((other) => other !== own && nameOf(other) === nameOf(own));
}

/** Which of the nodes share an initiator name, as what is in the way. */
export function sharedNames(looks: readonly NodeObservation[]): Advice[] {
  const names = looks.map(({ name, facts }) => [name, facts?.initiatorName ?? ''] as const);
  return sharedInitiatorNames(names).map(({ severity: _, ...advice }) => advice);
}

/**
 * Looks at a LUN of a target from each node in turn: two at once would be what is to be ruled out.
 *
 * @param looks at these nodes, in order; nodes that must not log in do not inspect the target
 */
export async function inspectTarget(
  nodes: readonly ReachedNode[],
  looks: readonly NodeObservation[],
  target: Pick<PlannedLun, 'portal' | 'iqn' | 'lun'>,
  chap?: Chap,
): Promise<NodeObservation[]> {
  const able = mayLogIn(looks);
  const seen: NodeObservation[] = [];
  for (const [index, node] of nodes.entries()) {
    const look = looks[index] as NodeObservation;
    seen.push(!able.includes(look) ? look : { ...look, ...(await inspect(node, probeLun(target, chap), asTarget)) });
  }
  return seen;
}

const asTarget = (target: ProbedTarget) => ({ target });

async function inspect<Facts>(
  { name, runner }: ReachedNode,
  script: Script<Facts>,
  as: (facts: Facts) => Omit<NodeObservation, 'name'>,
): Promise<NodeObservation> {
  const report = await tryRun(runner, script);
  if (report.result === 'failed') return { name, problem: report.reason };
  if (report.result !== 'declined') return { name, ...as(report.facts) };
  const { reason, code } = report;
  return { name, problem: reason, ...(code && { declined: code }) };
}
