import { UserError } from '../../core/problems';
import type { Lease } from '../../kubernetes/lease';
import { untilAsked } from '../../kubernetes/until-asked';
import type { AppContext } from '../app-context';
import { stateOf } from '../cutover/app-state';
import { cutOver, type Moved, type OnUnhealthy } from '../cutover/cut-over';
import { toItsEnd } from '../cutover/interrupted';
import { resumeRollback } from '../cutover/roll-back';
import { assertNotEdited } from '../plan/edited-description';
import { type ApprovalOptions, execute } from './execute';
import { openCutover } from './open-cutover';
import { planMigration } from './plan';
import { assertStoppable } from './stop-refusals';

export interface MigrateOptions extends ApprovalOptions {
  /** Ends after this phase: `prepare` (the app runs on) or `stop` (it is down, its new volumes sealed). Default: neither. */
  readonly until?: 'prepare' | 'stop';
  /** What to do with an app that is not well on its new volumes. @default 'rollback' */
  readonly onUnhealthy?: OnUnhealthy;
}

/** What became of a move. */
export type Migrated =
  /** There was nothing to move. */
  | { readonly result: 'unchanged' }
  /** The app runs as before; its new volumes hold a copy. */
  | { readonly result: 'prepared' }
  /** Its new volumes are sealed. */
  | { readonly result: 'sealed'; readonly isDown: boolean; readonly state: string }
  | { readonly result: 'moved'; readonly moved: Moved };

/**
 * Moves an app's state to the newest generations of its volumes: copies while it runs, stops it, verifies, switches, starts it. A run
 * after one that was cut off resumes it.
 *
 * @throws PlanRefused, NotApproved; UserError with the state that everything is in
 */
export async function migrate(context: AppContext, options: MigrateOptions): Promise<Migrated> {
  const { until, signal } = options;
  let migrated: Migrated = { result: 'unchanged' };
  const execution = {
    ...options,
    plan: (held: AppContext) => planMigration(held, until),
    afterwards: async (held: AppContext, lease: Lease) => {
      migrated = until === 'prepare' ? await prepared(held) : await change(held, options, lease, signal);
    },
  };
  await execute(context, execution);
  return migrated;
}

/** @throws UserError for an app that is stopped, or being started, already: no plan says that it runs as before */
async function prepared(context: AppContext): Promise<Migrated> {
  const { app } = context;
  const journal = await context.journal();
  if (!journal.cutover) return { result: 'prepared' };
  throw new UserError(
    `Nothing was prepared: ${app} is on its way to other volumes, or back, since ${journal.cutover.at}`,
    { category: 'refused', code: 'move-under-way' },
  );
}

async function change(
  context: AppContext,
  { until, onUnhealthy = 'rollback' }: MigrateOptions,
  lease: Lease,
  signal?: AbortSignal,
): Promise<Migrated> {
  const { app } = context;
  const journal = await context.journal();
  const volumes = await context.moves(journal);
  const site = await openCutover(context, journal, lease, signal);
  if (journal.cutover?.phase === 'returning') {
    await untilAsked(() => resumeRollback(site, volumes), site);
    const isDown = (await untilAsked(() => site.owner.replicas(), site)) === 0;
    throw new UserError(
      `A rollback of ${app} had been cut off. It is finished now, and ${app} ` +
        (isDown ? 'has its old volumes, with no replicas, as it was' : 'runs on its old volumes'),
      { code: 'rolled-back' },
    );
  }
  if (!journal.cutover) {
    await assertNotEdited(site);
    await assertStoppable(context, site.owner, volumes);
  }
  const moved = await cutOver(site, volumes, { onUnhealthy, ...(until === 'stop' && { until }) });
  if (moved) return { result: 'moved', moved };
  const { replicas } = await untilAsked(() => site.owner.workload(), toItsEnd(site));
  return { result: 'sealed', isDown: replicas === 0, state: await stateOf(site, volumes) };
}
