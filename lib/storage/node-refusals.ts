import type { Refusal } from '../core/refusal';
import { findingsOf } from '../nodes/findings';
import type { NodeObservation } from '../nodes/observation';
import type { NodeFacts } from '../scripts/node/node-facts';

/** What is wrong with the nodes, whatever the volume is. */
export function nodeRefusals(looks: readonly NodeObservation[]): Refusal[] {
  if (looks.length === 0) return [{ subject: 'the description', reason: 'names no node that is reached by SSH' }];
  const unreached = looks.flatMap(({ name, problem }) => (problem ? [{ subject: name, reason: problem }] : []));
  const facts: Record<string, NodeFacts> = Object.fromEntries(
    looks.flatMap((look) => (look.facts ? [[look.name, look.facts] as const] : [])),
  );
  const errors = findingsOf(facts).filter(({ severity }) => severity === 'error');
  return [...unreached, ...errors.map(({ node, text, remedy }) => ({ subject: node, reason: text, remedy }))];
}
