import { z } from 'zod';
import { texts } from '../copy/probe-source';
import { type CopySource, sourceParameters, sourceSecrets } from '../copy/source';
import { renderScript, type Script } from '../script';

const facts = z.object({ texts });

/** Texts of small files, by their paths. */
export type ReadTexts = z.infer<typeof facts>;

/**
 * Reads files of up to 64 KiB of a volume, through a mount of its own, but for a LUN that the app uses.
 *
 * @param paths from its root; those that are not there are left out
 */
export function readTexts(source: CopySource, paths: readonly string[]): Script<ReadTexts> {
  return renderScript('node/read-texts', { ...sourceParameters(source), wanted: paths }, facts, sourceSecrets(source));
}
