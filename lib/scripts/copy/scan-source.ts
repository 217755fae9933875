import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopySource, sourceParameters, sourceSecrets } from './source';

const facts = z.object({
  /** SHA-256 of everything but file contents: names, owners, modes, sizes, times, inodes. */
  scan: z.string().regex(/^[0-9a-f]{64}$/),
  /** Without the root folder. */
  entries: z.number().int(),
});

/** The state of a volume at one time. */
export type ScannedSource = z.infer<typeof facts>;

/**
 * Mounts a volume read-only and scans everything on it, without reading a file. The digest is the same on every node as
 * long as nothing changes: every change of a file changes its ctime.
 */
export function scanSource(source: CopySource): Script<ScannedSource> {
  return renderScript('copy/scan-source', sourceParameters(source), facts, sourceSecrets(source));
}
