import { lockFileName } from '../cluster/lock';
import type { Advice } from '../core/advice';
import { isOfGuard } from '../kubernetes/differences';

/**
 * What is in the way of moving an app whose Deployment runs otherwise than it is described: a move changes its volume alone.
 *
 * @param app its key in the description
 * @param differing lines of `differencesFrom`
 */
export function differingDeployment(app: string, subject: string, differing: readonly string[]): Advice[] {
  const others = differing.filter((line) => !isOfGuard(line));
  const guards = differing.filter(isOfGuard);
  const advice: Advice[] = [];
  if (others.length > 0) {
    advice.push({
      code: 'deployment-differs',
      subject,
      found: `runs otherwise than it is described, and a move changes its volume alone: ${others.join('; ')}`,
      remedy: 'describe it as it runs, or change what runs first',
    });
  }
  if (guards.length > 0) {
    advice.push({
      code: 'guard-differs',
      subject,
      found: `runs with another guard than ${lockFileName} asks for, or without: ${guards.join('; ')}`,
      remedy: guardRemedy(app, guards),
    });
  }
  return advice;
}

/** A guard that runs for another seal is right where the lock is not: what it has to be is asked of the journal first. */
function guardRemedy(app: string, guards: readonly string[]): string {
  const apply = 'apply what "lunward synth" writes: the app restarts once, with its guard';
  const isOfOtherSeal = guards.some((line) => /\.args\b|, described without it$/.test(line));
  return isOfOtherSeal ? `"lunward status ${app}" says whether ${lockFileName} is right; then ${apply}` : apply;
}
