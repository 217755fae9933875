import { describe, expect, it } from 'vitest';
import type { Difference } from '../../lib/kubernetes/differences';
import { differingDeployment } from '../../lib/owners/differing-deployment';

const guard = 'spec.template.spec.initContainers[lunward-guard]';
const at = (path: string, isExtra = false): Difference => ({ path, isExtra, text: `${path}: differs` });
const missing = at(guard);
const extra = at(guard, true);
const replicas = at('spec.replicas');
const remedies = (...differing: readonly Difference[]) =>
  differingDeployment('films', 'Deployment media/jellyfin', differing).map(({ remedy }) => remedy);
const apply = expect.stringMatching(/^apply what "lunward synth" writes/);
const ask = expect.stringMatching(/^"lunward status films" .* apply what "lunward synth" writes/);
const describeIt = expect.stringContaining('describe it as it runs');

describe('a Deployment that differs from the description', () => {
  it.each<[string, readonly Difference[], readonly unknown[]]>([
    ['that is as described', [], []],
    ['in anything but its guard', [replicas], [describeIt]],
    ['without its guard', [missing], [apply]],
    ['with the guard of an older script', [at(`${guard}.command[2]`)], [apply]],
    ['with the guard of another seal', [at(`${guard}.args[2]`)], [ask]],
    ['with a guard that is not described', [extra], [ask]],
    ['in its guard and more', [missing, replicas], [describeIt, apply]],
  ])('%s is refused with the remedy for that', (_, differing, expected) => {
    expect(remedies(...differing)).toEqual(expected);
  });
});
