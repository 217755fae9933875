import { hostname } from 'node:os';
import { z } from 'zod';
import { clock } from '../../core/clock';

/**
 * How long an app may be rolled back by itself, from the moment at which it is let onto its new volumes: what its owner takes to
 * start it, 15 minutes until it is Ready, two until it answers, and time for the looks.
 */
const SECONDS = 30 * 60;

/** Which run started an app on its new volumes, and until when it may roll the app back without asking. */
export const gateRecord = z.object({
  /** One run of a command. A run that resumes has another one, in the same process too. */
  run: z.string(),
  /** For a person. */
  by: z.string(),
  /** By the clock of the machine that wrote it. */
  since: z.string(),
  until: z.string(),
});

export type GateRecord = z.infer<typeof gateRecord>;

/** The record of a run that is about to start an app on its new volumes. */
export function gateOf(run: string): GateRecord {
  const now = clock.now();
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  return { run, by: `process ${process.pid} on ${hostname()}`, since: time(now), until: time(now + SECONDS * 1000) };
}

/**
 * Why a run must not roll an app back by itself; nothing where it may: it has started the app on these volumes itself, and the
 * gate's time is not over by the clock. A clock that was set back proves nothing.
 */
export function notOwn(gate: GateRecord | undefined, run: string): string | undefined {
  if (!gate) return 'the journal does not say which run started it there';
  if (gate.run !== run) return `${gate.by} started it there at ${gate.since}, and this is another run`;
  const now = clock.now();
  if (now >= Date.parse(gate.since) && now <= Date.parse(gate.until)) return undefined;
  return `it was started there at ${gate.since}, and the time for an automatic rollback ended at ${gate.until}`;
}
