import { z } from 'zod';
import { canonicalHost } from '../../core/addresses';
import type { NfsSource } from '../copy/source';
import { renderScript, type Script } from '../script';

const facts = z.object({
  mounts: z.array(
    z.object({
      /** Server and path, as the mount table has them. */
      source: z.string(),
      mountpoint: z.string(),
      /** One that sees it; 0 where the node itself does. */
      process: z.number().int(),
    }),
  ),
});

/** Mounts of a node that reach a folder of an NFS server. */
export type SourceUsers = z.infer<typeof facts>;

/**
 * Looks, in all mount namespaces of a node, for mounts of a folder of an NFS server, or of one above or below it, under
 * whatever name or address of the server. It declines where the node does not know the server's address.
 */
export function sourceUsers({ server, path }: Pick<NfsSource, 'server' | 'path'>): Script<SourceUsers> {
  return renderScript('node/source-users', { server: canonicalHost(server), path }, facts);
}
