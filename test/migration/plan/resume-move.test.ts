import { expect, it } from 'vitest';
import { planMove } from '../../../lib/migration/plan/plan-move';
import { resumeMove } from '../../../lib/migration/plan/resume-move';
import { share } from '../../helpers';
import { entry, look, probed, stepsOf, targetFacts } from '../facts';

const source = share('jellyfin-config');
const latest = entry('building');
const facts = { ...targetFacts({ latest }), source, patches: [], latest };

it.each([
  [
    'copy',
    [
      ['copy', 'node-a', undefined],
      ['hash', 'node-a', 'prepared'],
    ],
  ],
  ['hash', [['hash', 'node-a', 'prepared']]],
] as const)('a move continues from the step that runs: %s', (step, steps) => {
  expect(stepsOf(resumeMove(facts, step))).toEqual(steps);
});

it('is the plan that was approved, whatever the source holds now and in whatever order nodes are described', () => {
  const whole = planMove({ ...facts, looks: [look('node-b'), look('node-a')], found: probed });
  const rest = resumeMove(facts, 'copy');
  expect(rest.plan && rest.digest).toMatch(/^[0-9a-f]{16}$/);
  expect(rest.plan && rest.digest).toBe(whole.plan && whole.digest);
});
