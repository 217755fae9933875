import { Interrupted } from '../../migration/cutover/interrupted';
import type { Migrator } from '../../migration/migrator';
import type { RemarkedPlan } from '../../migration/plan/remarked-plan';
import type { ApprovalOptions } from '../../migration/use-cases/execute';
import type { Migrated, MigrateOptions } from '../../migration/use-cases/migrate';
import { openMigrator } from '../open-migrator';
import { approveAll, runApproved, withChangedPlans } from '../run-approved';
import { abortable } from '../terminal/interruption';
import { movedText, writeReport } from '../views/moved-text';

interface Options {
  readonly file: string;
  readonly approve?: readonly string[];
  readonly until?: MigrateOptions['until'];
  readonly onUnhealthy?: MigrateOptions['onUnhealthy'];
}

/** Moves apps' state to the newest generations of their volumes, one app after the other. It ends at the first that fails. */
export async function migrate(apps: readonly string[], options: Options): Promise<void> {
  const { file, approve = [], until, onUnhealthy } = options;
  const how = { ...(until && { until }), ...(onUnhealthy && { onUnhealthy }) };
  const request = {
    command: `lunward migrate ${apps.join(' ')}${until ? ` --until ${until}` : ''}`,
    approved: approve,
  };
  const migrator = await openMigrator(file);
  const run = async (app: string, approval: ApprovalOptions) =>
    print(app, await migrator.migrate(app, { ...how, ...approval }), file);
  const [sole, ...others] = apps;
  if (sole && others.length === 0) {
    await runApproved(request, (approval) => run(sole, approval));
    return;
  }
  const plans = await plansOf(migrator, apps, how);
  const digests = await approveAll(request, plans);
  if (digests.length === 0 && !plans.some(({ goesOn }) => goesOn)) return;
  await abortable(async (signal) => {
    for (const app of apps) {
      // The signal may have come after the last safe point of the app before.
      if (signal.aborted) throw new Interrupted(`Interrupted: the move of ${app} was not begun`);
      await run(app, { signal, approve: digests });
    }
  }).catch((error: unknown) => {
    throw withChangedPlans(error);
  });
}

async function plansOf(
  migrator: Migrator,
  apps: readonly string[],
  how: Pick<MigrateOptions, 'until'>,
): Promise<RemarkedPlan[]> {
  const plans: RemarkedPlan[] = [];
  for (const app of apps) plans.push(...(await migrator.planMigration(app, how)));
  return plans;
}

function print(app: string, migrated: Migrated, file: string): void {
  switch (migrated.result) {
    case 'unchanged':
      return;
    case 'prepared':
      console.log(
        `${app} is prepared: it keeps running on its old volume, and its new volume holds a copy. Run this again to update the copy.`,
      );
      return;
    case 'sealed': {
      const state = migrated.isDown ? `${app} is DOWN` : `${app} was not stopped (${migrated.state})`;
      console.log(
        `${state}, and its new volumes are sealed. "lunward migrate ${app}" starts it on them, "lunward rollback ${app}" on its old volumes.`,
      );
      return;
    }
    case 'moved': {
      const text = movedText(migrated.moved);
      console.log(`\n${text}`);
      console.log(`\nThis report is in ${writeReport(file, app, text)}`);
    }
  }
}
