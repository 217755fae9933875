import { describe, expect, it } from 'vitest';
import { plansTo } from '../../../lib/migration/plan/plans-to';
import type { WantedVolume } from '../../../lib/migration/plan/wanted-volumes';
import type { MediaAppProps } from '../../../lib/workload';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share } from '../../helpers';

type Action = WantedVolume['action'];

const plans = (action: 'format' | 'move', planned: readonly Action[], props: Partial<MediaAppProps>) => {
  const model = resolveApp({ image, ...props }, { name: 'app', namespace: 'media' });
  return plansTo(
    action,
    planned.map((one) => ({ action: one })),
    { app: 'app', model },
  ).map((one) => one.action);
};
const moved = { config: [share('config'), lun('config-2')] };
const first = { config: lun('config') };

describe('a command', () => {
  it.each<[string, 'format' | 'move', readonly Action[], Partial<MediaAppProps>, readonly Action[]]>([
    ['carries out the plans of its own kind: format', 'format', ['move', 'format'], moved, ['format']],
    ['carries out the plans of its own kind: move', 'move', ['move', 'format', 'none'], moved, ['move']],
    ['says of an app that was moved that nothing is left to do', 'move', ['none'], moved, ['none']],
    [
      'formats no first volume on the way of a move that has nothing to move',
      'move',
      ['none', 'format'],
      moved,
      ['none'],
    ],
  ])('%s', (_, action, planned, props, expected) => {
    expect(plans(action, planned, props)).toEqual(expected);
  });

  it.each<[string, 'format' | 'move', readonly Action[], Partial<MediaAppProps>]>([
    ['a move of an app with one generation', 'move', ['format'], first],
    ['formatting for an app whose data is elsewhere', 'format', ['move'], moved],
  ])('refuses %s', (_, action, planned, props) => {
    expect(() => plans(action, planned, props)).toThrow(expect.objectContaining({ code: 'nothing-to-do' }));
  });
});
