import { z } from 'zod';
import { canonicalHost } from '../../core/addresses';
import type { NfsSource } from '../copy/source';
import { renderScript, type Script } from '../script';

const facts = z.object({
  mounts: z.array(
    z.object({
      /** Server and path, as the mount table shows them. */
      source: z.string(),
      mountpoint: z.string(),
      /** A process that sees the mount; 0 if the node itself sees it. */
      process: z.number().int(),
    }),
  ),
});

/** Mounts of a node that reach an NFS folder. */
export type SourceUsers = z.infer<typeof facts>;

/**
 * Searches all mount namespaces of a node for mounts of an NFS folder, or of one above or below it, under any name or
 * address of the server. It declines if the node can't resolve the server's address.
 */
export function sourceUsers({ server, path }: Pick<NfsSource, 'server' | 'path'>): Script<SourceUsers> {
  return renderScript('node/source-users', { server: canonicalHost(server), path }, facts);
}
