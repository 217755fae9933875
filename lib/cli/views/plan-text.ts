import { type Advice, adviceSentence } from '../../core/advice';
import type { Plan } from '../../migration/plan/plan';
import type { RemarkedPlan } from '../../migration/plan/remarked-plan';
import { coloured } from '../terminal/colour';
import { indentedFinding } from './finding-lines';

/** A plan for a person, or the reasons why there is none. */
export function planText({ planned, remarks, findings = [], goesOn }: RemarkedPlan): string {
  const more = [...remarks.map((line) => `  ${line}`), ...findings.flatMap(indentedFinding)];
  if (planned.plan)
    return [...head(planned.plan), ...more, ...steps(planned.plan), `  digest ${planned.digest}`].join('\n');
  if (planned.refusals) return [...planned.refusals.flatMap(refusalLines), ...more].join('\n');
  return [goesOn ? planned.done : `${planned.done}: nothing to do`, ...more].join('\n');
}

function head({ app, mountPath, volume, place, attempt }: Plan): string[] {
  const again = attempt.attempt > 1 ? `, attempt ${attempt.attempt}` : '';
  return [`${app}: ${mountPath} on PersistentVolume ${volume}${again}`, `  ${place}`];
}

function steps({ steps: all, later = [] }: Plan): string[] {
  return [
    ...all.map(({ name, node, text }, index) => `  ${index + 1}. ${name} on ${node}: ${text}`),
    ...later.map(({ name, text }, index) => `  ${all.length + index + 1}. ${name}: ${text}`),
  ];
}

function refusalLines(advice: Advice): string[] {
  const { remedy } = advice;
  return [`${coloured('refused')}: ${adviceSentence(advice)}`, ...(remedy ? [`  ${remedy}`] : [])];
}
