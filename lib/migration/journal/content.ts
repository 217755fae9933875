import { z } from 'zod';
import { identitySchema } from '../../storage/registry';
import { gateRecord } from '../cutover/own-gate';

const source = z.strictObject({
  place: identitySchema,
  /** UUID of its file system, where it has one of its own. */
  uuid: z.string().optional(),
  /** As which it was sealed, where lunward has put its data there. */
  attempt: z.number().int().positive().optional(),
});

const entry = z.object({
  /** By the clock of the machine that wrote it. */
  at: z.string(),
  attempt: z.number().int().positive(),
  /**
   * `intent`: its disk may have been written to from then on. `building`: it holds a file system of ours; `prepared`: with a
   * warm copy on it, and hashes of both sides. `burnt`: given up, and its number is never used again. `wiping`: what it left is
   * being zeroed; `wiped`: and all of it is.
   */
  state: z.enum(['intent', 'building', 'prepared', 'sealed', 'burnt', 'wiping', 'wiped']),
  uuid: z.string(),
  /** Where it was written to. */
  target: identitySchema,
  /** The node that writes there. */
  node: z.string(),
  /** Of the plan that was approved. */
  digest: z.string(),
  /** Where the data comes from. None where there is no data yet; none for a folder in what version 1 has recorded. */
  source: source.optional(),
  /** Of a sealed one that data was moved to: SHA-256 of the list of all its files, and of the source's metadata while the app was down. */
  manifest: z.string().optional(),
  scan: z.string().optional(),
  /** Settings that say something else on a block device than they did on the share before: files, and what they said. */
  patched: z.array(z.object({ path: z.string(), was: z.string() })).optional(),
  /** Of a burnt one: its marker was given this attempt when it was rolled back from, so guards that name the one before refuse it. */
  remarked: z.boolean().optional(),
  /** Of a burnt one: it is a copy that the app was never started on. */
  neverLive: z.boolean().optional(),
});

/** Something that was about to happen, or has happened, to a volume. */
export type JournalEntry = z.infer<typeof entry>;

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
  volumes: z.record(z.string(), z.array(entry)),
  /** Claims of the generations that are live, by mount path, of mounts that were ever moved. */
  live: z.record(z.string(), z.string()).optional(),
  /** Those that were live before them. */
  before: z.record(z.string(), z.string()).optional(),
  /** Claims of generations that have left the cluster, or are about to. */
  retired: z.array(z.string()).optional(),
  cutover: cutover.optional(),
});

export type JournalContent = z.infer<typeof journalContent>;

const order: readonly JournalEntry['state'][] = entry.shape.state.options;

/** How an attempt stands. */
export function stageOf({ state }: Pick<JournalEntry, 'state'>): 'under way' | 'sealed' | 'given up' {
  if (state === 'sealed') return state;
  return order.indexOf(state) < order.indexOf('sealed') ? 'under way' : 'given up';
}

/** Whether an attempt came at least as far as a state. */
export function reaches({ state }: Pick<JournalEntry, 'state'>, wanted: JournalEntry['state']): boolean {
  return order.indexOf(state) >= order.indexOf(wanted);
}
