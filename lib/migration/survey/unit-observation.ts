import { runForFacts } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import { type FoundUnit, readUnit, unitName } from '../../scripts/unit/unit';
import type { JournalEntry } from '../journal/entry';

/** The long steps of a move, in their order. */
export const longSteps = ['copy', 'hash'] as const;

export type LongStep = (typeof longSteps)[number];

/** A unit that works at an attempt, or has. */
export interface SeenUnit {
  readonly step: LongStep;
  readonly unit: FoundUnit;
}

/**
 * The unit that is there for an attempt, on the node that writes.
 *
 * @returns nothing where there is none; a text where that is not known, and why
 */
export async function inspectUnit(
  nodes: readonly ReachedNode[],
  volume: string,
  { node: name, attempt }: Pick<JournalEntry, 'node' | 'attempt'>,
): Promise<SeenUnit | string | undefined> {
  const node = nodes.find((one) => one.name === name);
  if (!node) return `node ${name} is not in the description any more`;
  for (const step of longSteps) {
    const unit = await runForFacts(node, readUnit(unitName(step, { volume, attempt })));
    if (typeof unit === 'string') return unit;
    if (unit.state !== 'none') return { step, unit };
  }
  return undefined;
}
