import type { RolledBack } from '../../migration/use-cases/rollback';
import { openMigrator } from '../open-migrator';
import { type OutputOptions, printProgress, printResult } from '../result';
import { approve as requireApproval } from '../terminal/approval';
import { abortable } from '../terminal/interruption';
import { rollbackPlanText } from '../views/rollback-text';

interface Options extends OutputOptions {
  readonly file: string;
  readonly approve?: readonly string[];
  /** Names every file that was written since, and not only the first. @default false */
  readonly files?: boolean;
}

/** Rolls an app back to the volumes that were live before, or undoes a rollback. */
export async function rollback(
  app: string,
  { file, approve = [], files = false, json = false }: Options,
): Promise<void> {
  const migrator = await openMigrator(file, { json });
  const result = await abortable((signal) =>
    migrator.rollback(app, {
      signal,
      files,
      onPlan: (plan) => printProgress({ json }, `${rollbackPlanText(plan, files)}\n`),
      approve: (digests) => requireApproval(digests, approve, `lunward rollback ${app}`, 'yes', signal),
    }),
  );
  printResult('rollback', { json }, { app, ...result }, () => resultText(app, result));
}

function resultText(app: string, rolledBack: RolledBack): string {
  if (rolledBack.result === 'changed') {
    const { isAgain, isDown, live, left } = rolledBack;
    const kept = left.length > 0 ? `; what it wrote since then stays on ${left.join(', ')}` : '';
    const has = `${isDown ? 'has' : 'runs on'} ${live.join(', ')} again${isAgain ? ', as it left it there' : ''}`;
    return `${app} ${has}${kept}.${isDown ? ' It is as it was before, with no replicas: start it with what applies it.' : ''}`;
  }
  const { retired } = rolledBack;
  if (retired.length === 0) return `${app}: nothing was moved, and nothing is under way: there is nothing to roll back`;
  return (
    `${app}: ${retired.join(', ')} was retired, so Lunward cannot return to it. To move the data, add a generation after the ` +
    `others: "lunward plan ${app}" then shows the move`
  );
}
