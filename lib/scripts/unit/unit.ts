import { z } from 'zod';
import type { Attempt } from '../lun/format-lun';
import { renderScript, type Script } from '../script';

const facts = z.object({
  /** `none`: it was never started there, or the node was, or its report was collected. */
  state: z.enum(['none', 'running', 'ended']),
  /** One line of JSON; empty where it has not told any. */
  progress: z.string(),
  /** The script's own; empty where it has not come to it. */
  report: z.string(),
  /** Systemd's words for how it ended, and the exit code or signal: `success 0`, `oom-kill KILL`. */
  end: z.string(),
  /** The last lines of its complaints. */
  errors: z.string(),
});

/** A unit as it was found on a node. */
export type FoundUnit = z.infer<typeof facts>;

/** Name of the unit that works at an attempt, without `.service`. */
export function unitName(
  work: 'copy' | 'hash' | 'final' | 'verify',
  { volume, attempt }: Pick<Attempt, 'volume' | 'attempt'>,
): string {
  return `lunward-${work}-${volume}-${attempt}`;
}

/** Scripts that an app waits for. The others stand behind whatever a node does for its apps. */
const waitedFor = ['final-copy'];

/** Starts a script as a unit. `unchanged` where it runs already, or where its report waits to be collected. */
export function startUnit(unit: string, script: Script<unknown>): Script<unknown> {
  const { name, hash, text } = script;
  const urgent = waitedFor.includes(name) ? 'yes' : 'no';
  // It travels in a file that only root can read, since it may hold what nobody else may know.
  return renderScript('unit/start-unit', { unit, hash, urgent }, z.unknown(), { text });
}

/** @param patience so many seconds it waits for the unit's end before it answers; @default 0 */
export function readUnit(unit: string, patience = 0): Script<FoundUnit> {
  return renderScript('unit/read-unit', { unit, patience }, facts);
}

/** Ends a unit, and removes what is left of it on the node. */
export function cancelUnit(unit: string): Script<unknown> {
  return renderScript('unit/cancel-unit', { unit }, z.unknown());
}
