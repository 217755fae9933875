import { lockFileName } from '../cluster/lock';
import type { Advice } from '../core/advice';
import { type Difference, isOfGuard } from '../kubernetes/differences';

/**
 * What is in the way of moving an app whose Deployment runs otherwise than it is described: a move changes its volume alone.
 *
 * @param app its key in the description
 * @param differing as `differencesFrom` lists it
 */
export function differingDeployment(app: string, subject: string, differing: readonly Difference[]): Advice[] {
  const others = differing.filter((one) => !isOfGuard(one));
  const guards = differing.filter(isOfGuard);
  const advice: Advice[] = [];
  if (others.length > 0) {
    advice.push({
      code: 'deployment-differs',
      subject,
      found: `runs otherwise than it is described, and a move changes its volume alone: ${textOf(others)}`,
      remedy: 'describe it as it runs, or change what runs first',
    });
  }
  if (guards.length > 0) {
    advice.push({
      code: 'guard-differs',
      subject,
      found: `runs with another guard than ${lockFileName} asks for, or without: ${textOf(guards)}`,
      remedy: guardRemedy(app, guards),
    });
  }
  return advice;
}

const textOf = (differing: readonly Difference[]) => differing.map(({ text }) => text).join('; ');

/** A guard that runs for another seal is right where the lock is not: what it has to be is asked of the journal first. */
function guardRemedy(app: string, guards: readonly Difference[]): string {
  const apply = 'apply what "lunward synth" writes: the app restarts once, with its guard';
  const isOfOtherSeal = guards.some(({ path, isExtra }) => isExtra || /\.args\b/.test(path));
  return isOfOtherSeal ? `"lunward status ${app}" says whether ${lockFileName} is right; then ${apply}` : apply;
}
