import { Interrupted } from '../../migration/cutover/interrupted';
import type { Migrator } from '../../migration/migrator';
import type { RemarkedPlan } from '../../migration/plan/remarked-plan';
import type { ApprovalOptions } from '../../migration/use-cases/execute';
import type { Migrated, MigrateOptions } from '../../migration/use-cases/migrate';
import { openMigrator } from '../open-migrator';
import { type OutputOptions, printProgress, printResult } from '../result';
import { approveAll, runApproved, withChangedPlans } from '../run-approved';
import { abortable } from '../terminal/interruption';
import { movedText, writeReport } from '../views/moved-text';

interface Options extends OutputOptions {
  readonly file: string;
  readonly approve?: readonly string[];
  readonly until?: MigrateOptions['until'];
  readonly onUnhealthy?: MigrateOptions['onUnhealthy'];
}

/** What became of an app, for a program. */
interface MigrateResult {
  readonly app: string;
  readonly result: Migrated['result'];
  /** Whether the app is down, if its new volumes were sealed. */
  readonly isDown?: boolean;
  /** The file with the report, if the app was moved and the file could be written. */
  readonly report?: string;
}

/** Moves apps' state to the newest generations of their volumes, one app after the other. It ends at the first that fails. */
export async function migrate(apps: readonly string[], options: Options): Promise<void> {
  const { file, approve = [], until, onUnhealthy, json = false } = options;
  const how = { ...(until && { until }), ...(onUnhealthy && { onUnhealthy }) };
  const request = {
    command: `lunward migrate ${apps.join(' ')}${until ? ` --until ${until}` : ''}`,
    approved: approve,
    json,
  };
  const results: MigrateResult[] = [];
  const migrator = await openMigrator(file, { json });
  const run = async (app: string, approval: ApprovalOptions) =>
    results.push(report(app, await migrator.migrate(app, { ...how, ...approval }), { file, json }));
  const [sole, ...others] = apps;
  if (sole && others.length === 0) {
    await runApproved(request, (approval) => run(sole, approval));
    printResult('migrate', { json }, results, () => '');
    return;
  }
  const plans = await plansOf(migrator, apps, how);
  const digests = await approveAll(request, plans);
  if (digests.length > 0 || plans.some(({ goesOn }) => goesOn))
    await abortable(async (signal) => {
      for (const app of apps) {
        // The signal may have come after the last safe point of the app before.
        if (signal.aborted) throw new Interrupted(`Interrupted: the move of ${app} was not begun`);
        await run(app, { signal, approve: digests });
      }
    }).catch((error: unknown) => {
      throw withChangedPlans(error);
    });
  else results.push(...apps.map((app) => ({ app, result: 'unchanged' as const })));
  printResult('migrate', { json }, results, () => '');
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

/** The app is moved and runs: a full or read-only folder changes nothing about that. */
function keptReport(file: string, app: string, text: string): { readonly path: string } | { readonly problem: string } {
  try {
    return { path: writeReport(file, app, text) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** Tells a person what became of an app. @returns the same for a program */
function report(app: string, migrated: Migrated, { file, json }: Pick<Options, 'file' | 'json'>): MigrateResult {
  const { result } = migrated;
  switch (migrated.result) {
    case 'unchanged':
      return { app, result };
    case 'prepared':
      printProgress(
        { json },
        `${app} is prepared: it keeps running on its old volume, and its new volume holds a copy. Run this again to update the copy.`,
      );
      return { app, result };
    case 'sealed': {
      const state = migrated.isDown ? `${app} is DOWN` : `${app} was not stopped (${migrated.state})`;
      printProgress(
        { json },
        `${state}, and its new volumes are sealed. "lunward migrate ${app}" starts it on them, "lunward rollback ${app}" on its old volumes.`,
      );
      return { app, result, isDown: migrated.isDown };
    }
    case 'moved': {
      const text = movedText(migrated.moved);
      printProgress({ json }, `\n${text}`);
      const reportFile = keptReport(file, app, text);
      if ('problem' in reportFile) {
        printProgress({ json }, `\nThis report could not be written to a file: ${reportFile.problem}`);
        return { app, result };
      }
      printProgress({ json }, `\nThis report is in ${reportFile.path}`);
      return { app, result, report: reportFile.path };
    }
  }
}
