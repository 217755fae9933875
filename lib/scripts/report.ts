import { z } from 'zod';

/** What a script says at its end. */
export type Report<Facts> =
  | { readonly result: 'changed' | 'unchanged'; readonly facts: Facts }
  | {
      readonly result: 'declined';
      /** Why it did nothing, for a person. */
      readonly reason: string;
    };

const schema = z.object({
  result: z.enum(['changed', 'unchanged', 'declined']),
  reason: z.string(),
  facts: z.unknown(),
});

/**
 * Reads the report of a script: the last line of what it printed. Nothing stands in for it, neither an exit code of 0 nor
 * what the script did print before.
 *
 * @param facts what the script must have found, unless it declined
 * @returns nothing where there is no report, or one that is not whole: the script has failed
 */
export function readReport<Facts>(stdout: string, facts: z.ZodType<Facts>): Report<Facts> | undefined {
  const report = schema.safeParse(lastLine(stdout));
  if (!report.success) return undefined;
  const { result, reason } = report.data;
  if (result === 'declined') return { result, reason };
  const found = facts.safeParse(report.data.facts);
  return found.success ? { result, facts: found.data } : undefined;
}

function lastLine(text: string): unknown {
  // A line that has no end was cut off.
  if (!text.endsWith('\n')) return undefined;
  try {
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}
