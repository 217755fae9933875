import { z } from 'zod';
import { identitySchema } from '../../storage/registry';

const attempt = {
  /** By the clock of the machine that wrote it. */
  at: z.string(),
  attempt: z.number().int().positive(),
  uuid: z.string(),
  /** Where it was written to. */
  target: identitySchema,
  /** The node that writes there. */
  node: z.string(),
  /** The operator has said that this node is gone for good: it could not be asked whether it still writes. */
  writerGone: z.boolean().optional(),
  /** Of the plan that was approved. */
  digest: z.string(),
  /** Where the data comes from. None where there is no data yet; none for a folder in what version 1 has recorded. */
  source: z
    .strictObject({
      place: identitySchema,
      /** UUID of its file system, where it has one of its own. */
      uuid: z.string().optional(),
      /** As which it was sealed, where lunward has put its data there. */
      attempt: z.number().int().positive().optional(),
    })
    .optional(),
};

const copy = {
  /** SHA-256 of the list of all files that data was moved to. None of a volume that was formatted or adopted. */
  manifest: z.string().optional(),
  /** SHA-256 of the source's metadata while the app was down. None of one that was sealed again: it is no copy of its source. */
  scan: z.string().optional(),
  /** Settings that say something else on a block device than they did on the share before: files, and what they said. */
  patched: z.array(z.object({ path: z.string(), was: z.string() })).optional(),
};

/** What happened to a volume, or was about to: one shape for each state that an attempt can be in. */
export const journalEntry = z.discriminatedUnion('state', [
  /** Its target may have been written to from then on. */
  z.object({ state: z.literal('intent'), ...attempt }),
  /** Its target holds a file system of ours, or the marker of the attempt, and perhaps part of a copy. */
  z.object({ state: z.literal('building'), ...attempt }),
  /** A warm copy is there, and hashes of both sides. */
  z.object({ state: z.literal('prepared'), ...attempt }),
  /** Whole: nothing formats it or copies into it. */
  z.object({ state: z.literal('sealed'), ...attempt, ...copy }),
  /** The app was rolled back from it, or from the way there once it was sealed, or perhaps was. It may hold what the app wrote: it is never wiped. */
  z.object({
    state: z.literal('rolled-back'),
    ...attempt,
    ...copy,
    /** Its marker was given this attempt, the next one, so guards that name the one before refuse it. */
    remarked: z.boolean().optional(),
    /** It is a copy that the app was never started on. */
    neverLive: z.boolean().optional(),
  }),
  /** Given up before it was sealed. */
  z.object({ state: z.literal('abandoned'), ...attempt }),
  /** What it left is being zeroed. */
  z.object({ state: z.literal('wiping'), ...attempt }),
  /** All of that is zero. */
  z.object({ state: z.literal('wiped'), ...attempt }),
]);

/** Something that was about to happen, or has happened, to a volume. */
export type JournalEntry = z.infer<typeof journalEntry>;

/** The state of an attempt. */
export type AttemptState = JournalEntry['state'];

/** An entry of one state, or of one of several. */
export type EntryIn<State extends AttemptState> = Extract<JournalEntry, { readonly state: State }>;

/** An entry before it is written, which gives it its time. */
export type NewEntry = JournalEntry extends infer Entry ? (Entry extends JournalEntry ? Untimed<Entry> : never) : never;
type Untimed<Entry extends JournalEntry> = Omit<Entry, 'at'> & { readonly at?: string };

/** The settings that were changed in a copy; nothing where none were. */
export function patchedOf(latest: JournalEntry | undefined): EntryIn<'sealed'>['patched'] {
  return latest?.state === 'sealed' || latest?.state === 'rolled-back' ? latest.patched : undefined;
}

const stages: Readonly<Record<AttemptState, 'under way' | 'sealed' | 'given up'>> = {
  intent: 'under way',
  building: 'under way',
  prepared: 'under way',
  sealed: 'sealed',
  'rolled-back': 'given up',
  abandoned: 'given up',
  wiping: 'given up',
  wiped: 'given up',
};

/** How an attempt stands. */
export function stageOf({ state }: Pick<JournalEntry, 'state'>): 'under way' | 'sealed' | 'given up' {
  return stages[state];
}
