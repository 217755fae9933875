import { withLive } from '../../cluster/lock';
import { UserError } from '../../core/problems';
import { LeaseLost } from '../../kubernetes/lease-lost';
import type { AppContext } from '../app-context';
import type { CutoverContext } from '../cutover/cutover-context';
import { Interrupted } from '../cutover/interrupted';
import type { Journal } from '../journal/journal';
import { requireOwner } from './owner-of';

/**
 * What a cut-over of an app works with.
 *
 * @param assertHeld throws once the lease is lost
 * @param signal stops what is under way; what brings the app back after that runs to its end (`toItsEnd`)
 * @throws UserError for an app that no known owner can stop
 */
export async function openCutover(
  context: AppContext,
  journal: Journal,
  assertHeld: () => void,
  signal?: AbortSignal,
): Promise<CutoverContext> {
  const { app, model, client, nodes, project } = context;
  return {
    app,
    model,
    client,
    nodes,
    owner: await requireOwner(context),
    journal,
    writeLock: (live, sealed) => project.changeLock((lock) => withLive(lock, app, live, sealed)),
    mayGoOn: () => {
      assertLease(assertHeld);
      if (signal?.aborted) throw new Interrupted('it was interrupted');
    },
    report: (event) => context.report(event),
  };
}

function assertLease(assertHeld: () => void): void {
  try {
    assertHeld();
  } catch (error) {
    throw error instanceof UserError ? new LeaseLost(error.message, { cause: error }) : error;
  }
}
