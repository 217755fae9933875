import { UnreachableError, UserError } from '../../core/problems';
import { saysState, stateOf } from './app-state';
import type { CutoverContext } from './cutover-context';
import type { VolumeMove } from './volume-move';

/** An app is not well on its new volumes and was left there as it is: the operator decides. */
export class LeftRunning extends UserError {
  override readonly name: string = 'LeftRunning';

  constructor(message: string, cause: UserError) {
    super(message, { cause, category: cause.category, code: 'left-running' });
  }
}

/** What to throw where an app could not be judged: that says nothing against it. @param reason what could not be asked */
export async function notJudged(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  reason: Error,
): Promise<UnreachableError> {
  const found = `Lunward could not find out whether ${site.app} is healthy on its new volumes: ${reason.message}`;
  return saysState(
    new UnreachableError(`${found}. Nothing was stopped or rolled back. ${await choice(site, volumes)}`, {
      cause: reason,
    }),
  );
}

/**
 * What to throw if an app is unhealthy, and may have written data that only the operator may discard.
 *
 * @param found what is wrong with it
 * @param reason.why it is not rolled back
 * @param reason.cause how it is known that it is not well
 */
export async function leftRunning(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  found: string,
  { why, cause }: { readonly why: string; readonly cause: UserError },
): Promise<LeftRunning> {
  return saysState(
    new LeftRunning(
      `${found}. It was not stopped and not rolled back, since ${why}: it may have written there what is nowhere else. ` +
        `${await choice(site, volumes)}`,
      cause,
    ),
  );
}

async function choice(site: CutoverContext, volumes: readonly VolumeMove[]): Promise<string> {
  const { app, journal } = site;
  const since = journal.cutover?.gate?.since;
  const [now, before] = (['target', 'source'] as const).map((side) => volumes.map((one) => one[side].name).join(', '));
  return (
    `By the journal ${now} is live${since ? ` since ${since}` : ''}. ${await stateOf(site, volumes)}. ` +
    `"lunward migrate ${app}" judges it again, "lunward rollback ${app}" lists what it wrote since, asks, and goes back to ${before}`
  );
}
