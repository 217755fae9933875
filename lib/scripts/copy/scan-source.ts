import { z } from 'zod';
import { renderScript, type Script } from '../script';
import { type CopySource, sourceParameters, sourceSecrets } from './source';

const facts = z.object({
  /** SHA-256 of everything but the content of files: names, owners, modes, sizes, times, inodes. */
  scan: z.string().regex(/^[0-9a-f]{64}$/),
  /** Without the folder itself. */
  entries: z.number().int(),
});

/** What a volume looked like at a time. */
export type ScannedSource = z.infer<typeof facts>;

/**
 * Mounts a volume read-only and looks at everything there, without reading a file. As long as nobody changes
 * anything, the digest is the same, on whichever node: every change of a file changes its ctime.
 */
export function scanSource(source: CopySource): Script<ScannedSource> {
  return renderScript('copy/scan-source', sourceParameters(source), facts, sourceSecrets(source));
}
