import { UnreachableError } from '../core/problems';
import { type ClusterClient, ConflictError, type LiveObject } from './cluster-client';
import { untilAsked } from './until-asked';

/** How long the API server is asked what became of a write. */
const SECONDS = 60;

/**
 * Writes an object, and finds out what became of a write whose answer was lost: an object that holds what was written is ours.
 * A write that did not arrive is made again; `resourceVersion` keeps it from replacing what another process wrote.
 *
 * @param isOurs whether a live object holds what was to be written
 * @throws ConflictError, RefusedByServer as `ClusterClient.write` does
 * @throws UnreachableError where it can't be found out for a minute: the write may have arrived
 */
export async function writeSurely(
  client: Pick<ClusterClient, 'read' | 'write'>,
  object: LiveObject,
  isOurs: (found: LiveObject) => boolean,
): Promise<LiveObject> {
  let isLost = false;
  const written = async () => {
    const found = await client.read(object as Parameters<ClusterClient['read']>[0]);
    return found && isOurs(found) ? found : undefined;
  };
  const write = async () => {
    const ours = isLost ? await written() : undefined;
    if (ours) return ours;
    try {
      return await client.write(object);
    } catch (error) {
      if (error instanceof UnreachableError) isLost = true;
      // The first try may arrive between the look and the second try.
      const late = isLost && error instanceof ConflictError ? await written() : undefined;
      if (late) return late;
      throw error;
    }
  };
  return untilAsked(write, { deadline: Date.now() + SECONDS * 1000 });
}
