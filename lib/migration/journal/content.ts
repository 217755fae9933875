import { z } from 'zod';
import { gateRecord } from '../cutover/own-gate';
import { journalEntry } from './entry';

const cutover = z.object({
  /**
   * `stop`: the app is down, or about to be. `done`: the new volumes are live, and it is being started on them. `back`: the old
   * ones are, and it is being started on them.
   */
  phase: z.enum(['stop', 'done', 'back']),
  /** Since when, by the clock of the machine that wrote it. */
  at: z.string(),
  /** That the app had, and gets again. */
  replicas: z.number().int().nonnegative(),
  /** What changes hands, by names of claims. */
  volumes: z.array(z.object({ mountPath: z.string(), from: z.string(), to: z.string() })).min(1),
  /** Of the run that started the app on its new volumes for the first time; none in journals of older versions. */
  gate: gateRecord.optional(),
});

/** An app that is changing its volumes: whoever applies it keeps it stopped until it has. */
export type Cutover = z.infer<typeof cutover>;

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
  cutover: cutover.optional(),
});

export type JournalContent = z.infer<typeof journalContent>;
