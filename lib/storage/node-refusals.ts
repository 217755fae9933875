import type { Advice } from '../core/advice';
import { findingsOf } from '../nodes/findings';
import type { NodeObservation } from '../nodes/observation';
import type { NodeFacts } from '../scripts/node/node-facts';

/** What is wrong with the nodes, whatever the volume is. */
export function nodeRefusals(looks: readonly NodeObservation[]): Advice[] {
  if (looks.length === 0)
    return [{ code: 'no-node-described', subject: 'the description', found: 'names no node that is reached by SSH' }];
  const unreached = looks.flatMap(({ name, problem, declined }): Advice[] => {
    const code = declined === 'other-machine' ? 'node-address-mistaken' : 'node-unreachable';
    return problem ? [{ code, subject: name, found: problem }] : [];
  });
  const facts: Record<string, NodeFacts> = Object.fromEntries(
    looks.flatMap((look) => (look.facts ? [[look.name, look.facts] as const] : [])),
  );
  const errors = findingsOf(facts).filter(({ severity }) => severity === 'error');
  return [...unreached, ...errors.map(({ severity: _, ...advice }) => advice)];
}
