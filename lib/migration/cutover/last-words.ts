import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { UnreachableError, UserError } from '../../core/problems';
import { RefusedByServer } from '../../kubernetes/cluster-client';
import { isGuard } from '../../workload/guard';
import type { CutoverContext } from './cutover-context';
import { Interrupted } from './interrupted';

const LINES = 5;
const LONGEST = 200;

type Site = Pick<CutoverContext, 'client' | 'model'>;

/**
 * Adds to what is wrong with an app what its container and its guards have written last. That is an addition: where it can't be read
 * the error is as it was.
 *
 * @param pods of the app
 */
export async function withLastWords(
  site: Site,
  error: unknown,
  pods: () => Promise<readonly V1Pod[]>,
): Promise<unknown> {
  const isOfApp = error instanceof UserError && !(error instanceof UnreachableError) && !(error instanceof Interrupted);
  if (!isOfApp) return error;
  try {
    const words = await lastWords(site, await pods());
    return Object.assign(error, { message: [error.message, ...words].join('; ') });
  } catch (second) {
    if (second instanceof UnreachableError || second instanceof RefusedByServer) return error;
    throw second;
  }
}

async function lastWords({ client, model }: Site, pods: readonly V1Pod[]): Promise<string[]> {
  const own = model.props.containerName ?? model.name;
  const words: string[] = [];
  for (const { metadata, status } of pods) {
    const all = [...(status?.initContainerStatuses ?? []).filter(isGuard), ...(status?.containerStatuses ?? [])];
    const pod = metadata?.name ?? '';
    for (const { name, state, lastState } of all.filter((one) => (one.name === own || isGuard(one)) && hasRun(one))) {
      // One that waits to be started again has no log of its own yet.
      const previous = !state?.running && !state?.terminated && lastState?.terminated !== undefined;
      const log = await client.log(model.namespace, pod, name, { tailLines: 10 * LINES, previous });
      const lines = lastLines(log);
      if (lines.length > 0) words.push(`container ${name} of pod ${pod} wrote last: ${lines.map(quoted).join(' ')}`);
    }
  }
  return words;
}

function hasRun({ state, lastState }: V1ContainerStatus): boolean {
  return [state?.running, state?.terminated, lastState?.terminated].some((one) => one !== undefined);
}

/** Without the frames of stacks, which hide the error above them. */
function lastLines(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.trim() && !/^\s+(at|in) /.test(line));
  return lines.slice(-LINES).map((line) => line.trim());
}

const quoted = (line: string) => `"${line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line}"`;
