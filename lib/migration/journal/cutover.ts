import { z } from 'zod';
import { UserError } from '../../core/problems';
import { gateRecord } from '../cutover/own-gate';

const phase = z.enum([
  /** The old volumes are live, and the app is stopped, or about to be, on its way to the new ones. */
  'stopping',
  /** The new volumes are live, and the app is started on them and checked. */
  'switched',
  /** The new volumes are live, and the app is kept stopped there: it was unhealthy, and the operator had asked for that. */
  'stopped-on-target',
  /** The new volumes are live, and the app is stopped, or about to be, on its way back to the old ones. */
  'rolling-back',
  /** The old volumes are live, and the app is started on them. */
  'returning',
  /** No volume changes: the app is stopped, or about to be, so that the file systems of its volumes are checked. */
  'restarting',
  /** No volume changes: the file systems are checked, and the app is started on them again. */
  'restarted',
]);

/** How far an app is that changes its volumes. */
export type Phase = z.infer<typeof phase>;

export const cutoverRecord = z.object({
  phase,
  /** Since when, by the clock of the machine that wrote it. */
  at: z.string(),
  /** That the app had, and gets again: when the change began, or since, if it had none then. */
  replicas: z.number().int().nonnegative(),
  /** What changes hands, by names of claims. */
  volumes: z.array(z.object({ mountPath: z.string(), from: z.string(), to: z.string() })).min(1),
  /** Of the run that started the app on its new volumes for the first time; none in journals of older versions. */
  gate: gateRecord.optional(),
});

/** An app that is changing its volumes: whoever applies it keeps it stopped until the change is done. */
export type Cutover = z.infer<typeof cutoverRecord>;

/** The phases that can follow; `settled` is an app that changes nothing. */
export const nextPhases: Readonly<Record<Phase | 'settled', readonly (Phase | 'settled')[]>> = {
  settled: ['settled', 'stopping', 'rolling-back', 'restarting'],
  // In the same phase: somebody has started an app that had no replicas when the change began.
  stopping: ['stopping', 'switched', 'returning'],
  // Another run starts the app there again.
  switched: ['switched', 'stopped-on-target', 'rolling-back', 'settled'],
  'stopped-on-target': ['switched', 'rolling-back'],
  // A rollback that was cut off is begun again, or the move is resumed.
  // One that could not be fenced has stopped nothing, and is taken back.
  'rolling-back': ['rolling-back', 'switched', 'returning', 'settled'],
  returning: ['returning', 'settled'],
  // One that could not be fenced has stopped nothing, and is taken back.
  restarting: ['restarting', 'restarted', 'settled'],
  restarted: ['restarted', 'settled'],
};

/** The phases that one can follow. */
export function phasesBefore(next: Phase): Phase[] {
  return phase.options.filter((one) => nextPhases[one].includes(next));
}

/** Whether no pod of the app may run, by whoever applies it. */
export function isKeptStopped({ phase }: Pick<Cutover, 'phase'>): boolean {
  return phase === 'stopping' || phase === 'stopped-on-target' || phase === 'rolling-back' || phase === 'restarting';
}

/** Whether an app is restarted on the volumes that it has. Moves and rollbacks wait until that has ended. */
export function isRestart({ phase }: Pick<Cutover, 'phase'>): boolean {
  return phase === 'restarting' || phase === 'restarted';
}

/** The mounts of a cut-over at which `live` names another claim than the phase requires: someone has edited the journal. */
export function wronglyLive(
  { live }: { readonly live: Readonly<Record<string, string>> },
  { phase, volumes }: Pick<Cutover, 'phase' | 'volumes'>,
): { readonly mountPath: string; readonly expected: string }[] {
  if (isRestart({ phase })) return [];
  const isOnOld = phase === 'stopping' || phase === 'returning';
  return volumes.flatMap(({ mountPath, from, to }) => {
    const isWrong = isOnOld ? live[mountPath] === to : live[mountPath] !== to;
    return isWrong ? [{ mountPath, expected: isOnOld ? from : to }] : [];
  });
}

/** An app that is restarted can't be moved, rolled back or given up. @throws UserError with the command that leads on */
export function assertNoRestart(app: string, cutover: Cutover | undefined): void {
  if (!cutover || !isRestart(cutover)) return;
  throw new UserError(
    `${app} is being restarted since ${cutover.at} (${cutover.phase}): "lunward restart ${app}" resumes that. Nothing was changed by this`,
    { category: 'refused', code: 'restart-under-way' },
  );
}

/**
 * Refuses to record a phase that can't follow.
 *
 * @throws Error where an app can't come from one phase into the other: a fault of Lunward
 */
export function assertNextPhase(
  latest: Pick<Cutover, 'phase'> | undefined,
  next: Pick<Cutover, 'phase'> | undefined,
): void {
  const from: keyof typeof nextPhases = latest?.phase ?? 'settled';
  const to: keyof typeof nextPhases = next?.phase ?? 'settled';
  if (nextPhases[from].includes(to)) return;
  throw new Error(
    `The journal can't record phase "${to}" of a cut-over after "${from}": expected ${nextPhases[from].join(' or ')}. Nothing was written`,
  );
}
