import type { Script } from '../shell/script';
import { UserError } from '../spec/problems';
import type { ReachedNode } from './node-look';

/** What a script finds on a node, or why that is not known. */
export async function found<Facts>({ name, runner }: ReachedNode, script: Script<Facts>): Promise<Facts | string> {
  try {
    const report = await runner.run(script);
    return report.result === 'declined' ? `${report.reason} (seen from ${name})` : report.facts;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
