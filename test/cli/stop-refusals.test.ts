import { describe, expect, it } from 'vitest';
import { withStopRefusals } from '../../lib/cli/stop-refusals';
import type { PlannedVolume, Workplace } from '../../lib/cli/workplace';
import { UserError } from '../../lib/spec/problems';
import { resolveApp } from '../../lib/workload/model';
import { image, lun, untyped } from '../helpers';

const planned = (action: PlannedVolume['action'], how: 'plan' | 'done' | 'refusals' = 'plan'): PlannedVolume =>
  untyped({ action, mountPath: '/config', remarks: [], planned: { [how]: how === 'refusals' ? [] : {} } });

/** Where an app is described, and the cluster has nothing of it. */
const workplace = (client: object): Workplace =>
  untyped({
    app: 'app',
    file: 'cluster.ts',
    model: resolveApp({ image, config: lun('config') }, { name: 'app', namespace: 'media' }),
    client,
  });
const withoutDeployment = workplace({ read: async () => undefined });

describe('what would be in the way of stopping an app', () => {
  it('is told for a move of an app that is not in the cluster', async () => {
    const plans = [planned('format'), planned('move')];
    const [, , added, ...more] = await withStopRefusals(withoutDeployment, plans);
    expect(more).toEqual([]);
    expect(added?.planned.refusals).toMatchObject([
      { subject: 'Deployment media/app', reason: 'is not in the cluster', remedy: expect.stringContaining('apply it') },
    ]);
  });

  it.each<[string, readonly PlannedVolume[]]>([
    ['a first volume, which is formatted before its app is applied', [planned('format')]],
    ['a first volume beside data that stays where it is', [planned('format'), planned('describe', 'done')]],
    ['a first volume beside a move that is refused already', [planned('format'), planned('move', 'refusals')]],
    ['an app that was moved', [planned('none', 'done')]],
  ])('is not asked for %s', async (_, plans) => {
    const unreached = workplace({ read: () => Promise.reject(new UserError('The API server is off')) });
    expect(await withStopRefusals(unreached, plans)).toEqual(plans);
  });
});
