import { UserError } from '../../core/problems';
import { PlanRefused } from '../../migration/use-cases/execute';
import type { Retired } from '../../migration/use-cases/retire';
import { openMigrator } from '../open-migrator';
import { type OutputOptions, printProgress, printResult } from '../result';
import { approve as requireApproval } from '../terminal/approval';
import { abortable } from '../terminal/interruption';
import { planText } from '../views/plan-text';

interface Options extends OutputOptions {
  readonly file: string;
  readonly approve?: readonly string[];
}

/** Removes from the cluster the generations of an app's volumes that are not live any more. Their data stays where it is. */
export async function retire(app: string, { file, approve = [], json = false }: Options): Promise<void> {
  const migrator = await openMigrator(file, { json });
  const retired = await abortable((signal) =>
    migrator.retire(app, {
      signal,
      onPlan: ({ lines, digest }) => printProgress({ json }, `${lines.join('\n')}\n  digest ${digest}\n`),
      approve: (digests) => requireApproval(digests, approve, `lunward retire ${app}`, 'yes', signal),
    }),
  ).catch((error: unknown) => {
    if (!(error instanceof PlanRefused)) throw error;
    printProgress({ json }, error.plans.map(planText).join('\n\n'));
    throw new UserError(`Refused: nothing was changed, and ${app} runs as before`, {
      cause: error,
      category: 'refused',
      code: error.code,
      advice: error.advice,
    });
  });
  printResult('retire', { json }, { app, ...retired }, () => retiredText(app, retired));
}

function retiredText(app: string, { result, claims, renamed }: Retired): string {
  if (result === 'unchanged') return `${app}: the cluster has only the live generations: there is nothing to retire`;
  return [
    `${app} runs as before. Its old data is still on the NAS: keep it or delete it there.`,
    `Commit lunward.lock.json; the line of ${claims.map((name) => `"${name}"`).join(', ')} may be deleted from the description.`,
    ...renamed.map(
      ({ mountPath, first }) =>
        `The pod's volume at ${mountPath} is named after that line. If you delete it, write { name: '${first}', volume: […] } around the lines that are left; otherwise ${app} restarts once under another volume name.`,
    ),
  ].join('\n');
}
