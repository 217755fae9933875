import { UserError } from '../core/problems';
import { LeaseLost } from '../kubernetes/lease-lost';
import type { Report } from '../scripts/report';
import type { Script } from '../scripts/script';
import type { ReachedNode, Runner } from './runner';

/** What a script reports, or why it could not be run. */
export async function tryRun<Facts>(
  runner: Runner,
  script: Script<Facts>,
): Promise<Report<Facts> | { readonly result: 'failed'; readonly reason: string }> {
  try {
    return await runner.run(script);
  } catch (error) {
    // Work that must end finds nothing out any more.
    if (!(error instanceof UserError) || error instanceof LeaseLost) throw error;
    return { result: 'failed', reason: error.message };
  }
}

/** What a script finds on a node, or why that is not known. */
export async function runForFacts<Facts>(
  { name, runner }: ReachedNode,
  script: Script<Facts>,
): Promise<Facts | string> {
  const report = await tryRun(runner, script);
  if (report.result === 'failed') return report.reason;
  return report.result === 'declined' ? `${report.reason} (seen from ${name})` : report.facts;
}

/**
 * What a script finds on a node, or why it declined. A node that could not be asked is no answer.
 *
 * @throws UnreachableError where the node could not be asked
 */
export async function answered<Facts>({ name, runner }: ReachedNode, script: Script<Facts>): Promise<Facts | string> {
  const report = await runner.run(script);
  return report.result === 'declined' ? `${report.reason} (seen from ${name})` : report.facts;
}
