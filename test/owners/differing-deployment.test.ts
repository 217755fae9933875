import { describe, expect, it } from 'vitest';
import { differingDeployment } from '../../lib/owners/differing-deployment';

const guard = 'spec.template.spec.initContainers[lunward-guard]';
const missing = `${guard}: runs without it, described the guard of attempt 1 of PersistentVolume config`;
const extra = `${guard}: runs the guard of attempt 1 of PersistentVolume config, described without it`;
const replicas = 'spec.replicas: runs 2, described 1';
const remedies = (...lines: readonly string[]) =>
  differingDeployment('films', 'Deployment media/jellyfin', lines).map(({ remedy }) => remedy);
const apply = expect.stringMatching(/^apply what "lunward synth" writes/);
const ask = expect.stringMatching(/^"lunward status films" .* apply what "lunward synth" writes/);
const describeIt = expect.stringContaining('describe it as it runs');

describe('a Deployment that differs from the description', () => {
  it.each<[string, readonly string[], readonly unknown[]]>([
    ['that is as described', [], []],
    ['in anything but its guard', [replicas], [describeIt]],
    ['without its guard', [missing], [apply]],
    ['with the guard of an older script', [`${guard}.command[2]: runs "a", described "b"`], [apply]],
    ['with the guard of another seal', [`${guard}.args[2]: runs "2", described "1"`], [ask]],
    ['with a guard that is not described', [extra], [ask]],
    ['in its guard and more', [missing, replicas], [describeIt, apply]],
  ])('%s is refused with the remedy for that', (_, lines, expected) => {
    expect(remedies(...lines)).toEqual(expected);
  });
});
