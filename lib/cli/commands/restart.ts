import { openMigrator } from '../open-migrator';
import { type OutputOptions, printProgress, printResult } from '../result';
import { approve as requireApproval } from '../terminal/approval';
import { abortable } from '../terminal/interruption';
import { restartedText, restartPlanText } from '../views/restart-text';

interface Options extends OutputOptions {
  readonly file: string;
  readonly approve?: readonly string[];
}

/** Stops an app, checks the file systems of its volumes, and starts it again. @returns the exit code */
export async function restart(app: string, { file, approve = [], json = false }: Options): Promise<number> {
  const migrator = await openMigrator(file, { json });
  const restarted = await abortable((signal) =>
    migrator.restart(app, {
      signal,
      onPlan: (plan) => printProgress({ json }, `${restartPlanText(plan)}\n`),
      approve: (digests) => requireApproval(digests, approve, `lunward restart ${app}`, 'yes', signal),
    }),
  );
  printResult('restart', { json }, restarted, () => restartedText(restarted));
  return restarted.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}
