import { z } from 'zod';
import { allDeclineCodes, type DeclineCode } from './decline-codes';

/** What a script reports at its end. */
export type Report<Facts> =
  | { readonly result: 'changed' | 'unchanged'; readonly facts: Facts }
  | {
      readonly result: 'declined';
      /** Why it did nothing, in words. */
      readonly reason: string;
      /** Set if a program or a test needs to distinguish declines. */
      readonly code?: DeclineCode;
    };

const schema = z.object({
  result: z.enum(['changed', 'unchanged', 'declined']),
  reason: z.string(),
  code: z.enum(['', ...allDeclineCodes]).default(''),
  facts: z.unknown(),
});

/**
 * Reads the report of a script: the last line of its output. Nothing else counts as a report, neither exit code 0 nor
 * earlier output.
 *
 * @param facts the facts that the script must report unless it declines
 * @returns undefined if there is no report, an incomplete one, or one with a code that is not in `declineCodes`: the script has failed
 */
export function readReport<Facts>(stdout: string, facts: z.ZodType<Facts>): Report<Facts> | undefined {
  const report = schema.safeParse(lastLine(stdout));
  if (!report.success) return undefined;
  const { result, reason, code } = report.data;
  if (result === 'declined') return { result, reason, ...(code && { code }) };
  const found = facts.safeParse(report.data.facts);
  return found.success ? { result, facts: found.data } : undefined;
}

function lastLine(text: string): unknown {
  // A last line without a line feed was cut off.
  if (!text.endsWith('\n')) return undefined;
  try {
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}
