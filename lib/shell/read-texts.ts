import { z } from 'zod';
import { type NfsSource, sourceParameters, texts } from './probe-source';
import { renderScript, type Script } from './script';

const facts = z.object({ texts });

/** Texts of small files, by their paths. */
export type ReadTexts = z.infer<typeof facts>;

/**
 * Reads files of up to 64 KiB of a folder of an NFS server, through a mount of its own.
 *
 * @param paths below the folder; those that are not there are left out
 */
export function readTexts(source: NfsSource, paths: readonly string[]): Script<ReadTexts> {
  return renderScript('read-texts', { ...sourceParameters(source), wanted: paths }, facts);
}
