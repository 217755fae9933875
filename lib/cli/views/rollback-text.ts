import type { RollbackPlan } from '../../migration/use-cases/rollback';
import { describeStorage } from '../../storage/registry';
import { writtenLines } from './written-text';

/** What a rollback would do, for the operator. @param isAll lists each file on a line of its own */
export function rollbackPlanText(plan: RollbackPlan, isAll = false): string {
  const lines = plan.volumes.flatMap((volume) => [
    ...(plan.isAgain ? againLines(plan.app, volume) : backLines(plan.app, volume)),
    ...written(volume.written, isAll).map((line) => `    ${line}`),
  ]);
  return [...lines, `  digest ${plan.digest}`].join('\n');
}

type Volume = RollbackPlan['volumes'][number];

function written(seen: Volume['written'], isAll: boolean): string[] {
  if (seen === undefined) return [];
  if (typeof seen === 'string') return [`what that is can't be looked at: ${seen}`];
  return writtenLines(seen, isAll ? 'list' : 'line');
}

function backLines(app: string, { move: { mountPath, source, target }, latest }: Volume): string[] {
  return [
    `${app}: ${mountPath} goes back from claim ${target.name} (attempt ${latest?.attempt}, sealed at ${latest?.at}) to ${source.name}, ${describeStorage(source)}`,
    `  what it wrote since it was sealed does not go along: it stays on ${describeStorage(target)}`,
    `  to take it along instead: describe a further LUN behind the others, or an empty folder of a share, and "lunward migrate ${app}"`,
  ];
}

function againLines(app: string, { move: { mountPath, source, target }, latest }: Volume): string[] {
  return [
    `${app}: ${mountPath} goes on again to claim ${target.name}, ${describeStorage(target)}, from which it was taken back at ${latest?.at}, with what it left there`,
    `  what it wrote on ${source.name} since does not go along: it stays in ${describeStorage(source)}`,
  ];
}
