import type { RollbackPlan } from '../../migration/use-cases/rollback';
import { describeStorage } from '../../storage/registry';
import { writtenLines } from './written-text';

/** What a rollback would do, for the operator. @param isAll lists each file on a line of its own */
export function rollbackPlanText(plan: RollbackPlan, isAll = false): string {
  const lines = plan.volumes.flatMap((volume) => [
    ...(plan.isAgain ? againLines(plan.app, volume) : backLines(plan.app, volume)),
    ...written(volume.written, isAll).map((line) => `    ${line}`),
  ]);
  const remarks = plan.remarks.map((line) => `  ${line}`);
  return [...lines, ...remarks, `  digest ${plan.digest}`].join('\n');
}

type Volume = RollbackPlan['volumes'][number];

function written(seen: Volume['written'], isAll: boolean): string[] {
  if (seen === undefined) return [];
  if (typeof seen === 'string') return [`what that is could not be read: ${seen}`];
  return writtenLines(seen, isAll ? 'list' : 'line');
}

function backLines(app: string, { move: { mountPath, source, target }, latest }: Volume): string[] {
  return [
    `${app}: ${mountPath} rolls back from claim ${target.name} (attempt ${latest?.attempt}, sealed at ${latest?.at}) to ${source.name}, ${describeStorage(source)}`,
    `  what the app wrote since then is not copied back: it stays on ${describeStorage(target)}`,
    `  to take it along instead: describe another LUN after the others, or an empty folder on a share, then run "lunward migrate ${app}"`,
  ];
}

function againLines(app: string, { move: { mountPath, source, target }, latest }: Volume): string[] {
  return [
    `${app}: ${mountPath} returns to claim ${target.name}, ${describeStorage(target)}, which was rolled back at ${latest?.at}, with what the app left there`,
    `  what the app wrote on ${source.name} since then is not copied: it stays on ${describeStorage(source)}`,
  ];
}
