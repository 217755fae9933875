import { z } from 'zod';
import type { Attempt } from '../lun/format-lun';
import { renderScript, type Script } from '../script';

const facts = z.object({
  /** `none`: it was never started there, the node has rebooted, or its report was collected. */
  state: z.enum(['none', 'running', 'ended']),
  /** One line of JSON; empty if it has not written any. */
  progress: z.string(),
  /** The script's own report; empty if it has not printed one. */
  report: z.string(),
  /** systemd's result and the exit code or signal: `success 0`, `oom-kill KILL`. */
  end: z.string(),
  /** The last lines of its stderr. */
  errors: z.string(),
});

/** A unit as found on a node. */
export type FoundUnit = z.infer<typeof facts>;

/** Name of the unit that works on an attempt, without `.service`. */
export function unitName(
  work: 'copy' | 'hash' | 'final' | 'verify',
  { volume, attempt }: Pick<Attempt, 'volume' | 'attempt'>,
): string {
  return `lunward-${work}-${volume}-${attempt}`;
}

/** Scripts that run while the app is down. All others run at low priority. */
const waitedFor = ['final-copy'];

/** Starts a script as a unit. `unchanged` if it already runs, or if its report waits to be collected. */
export function startUnit(unit: string, script: Script<unknown>): Script<unknown> {
  const { name, hash, text } = script;
  const urgent = waitedFor.includes(name) ? 'yes' : 'no';
  // The text is sent in a file that only root can read, because it may contain secrets.
  return renderScript('unit/start-unit', { unit, hash, urgent }, z.unknown(), { text });
}

/** Reads the state of a unit. @param patience seconds to wait for the unit's end before answering. Default: 0 */
export function readUnit(unit: string, patience = 0): Script<FoundUnit> {
  return renderScript('unit/read-unit', { unit, patience }, facts);
}

/** Stops a unit, and removes what is left of it on the node. */
export function cancelUnit(unit: string): Script<unknown> {
  return renderScript('unit/cancel-unit', { unit }, z.unknown());
}
