import { UnreachableError } from '../core/problems';
import { type ClusterClient, ConflictError, type LiveObject } from './cluster-client';
import { untilAsked } from './until-asked';

/**
 * Writes an object. If the response is lost, it finds out whether the write arrived: an object with the written content
 * is ours. A write that did not arrive is repeated; `resourceVersion` stops it from replacing what another process
 * wrote.
 *
 * @param isOurs whether a live object has the content that was to be written
 * @throws ConflictError, RefusedByServer as `ClusterClient.write` does
 * @throws UnreachableError if the result is unknown for as long as `untilAsked` asks: the write may have arrived
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
      // The first write may arrive after the read and before the second write.
      const late = isLost && error instanceof ConflictError ? await written() : undefined;
      if (late) return late;
      throw error;
    }
  };
  return untilAsked(write);
}
