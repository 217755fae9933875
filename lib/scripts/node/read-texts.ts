import { z } from 'zod';
import { texts } from '../copy/probe-source';
import { type CopySource, sourceParameters, sourceSecrets } from '../copy/source';
import { renderScript, type Script } from '../script';

const facts = z.object({ texts });

/** Texts of small files, with their paths. */
export type ReadTexts = z.infer<typeof facts>;

/**
 * Reads files of up to 64 KiB from a volume, through a mount of its own, or through the app's mount if it is a LUN that
 * the app uses.
 *
 * @param paths from the volume's root; missing files are left out
 */
export function readTexts(source: CopySource, paths: readonly string[]): Script<ReadTexts> {
  return renderScript('node/read-texts', { ...sourceParameters(source), wanted: paths }, facts, sourceSecrets(source));
}
