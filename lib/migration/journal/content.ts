import { z } from 'zod';
import { cutoverRecord } from './cutover';
import { journalEntry } from './entry';

/** What a journal holds, as this version of Lunward writes it. */
export const journalContent = z.object({
  version: z.literal(2),
  /** By PersistentVolume, oldest first. */
  volumes: z.record(z.string(), z.array(journalEntry)),
  /** Claims of the generations that are live, by mount path, of mounts that were ever moved. */
  live: z.record(z.string(), z.string()).optional(),
  /** Those that were live before them. */
  before: z.record(z.string(), z.string()).optional(),
  /** Claims of generations that have left the cluster, or are about to. */
  retired: z.array(z.string()).optional(),
  cutover: cutoverRecord.optional(),
});

export type JournalContent = z.infer<typeof journalContent>;
