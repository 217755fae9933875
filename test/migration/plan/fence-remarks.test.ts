import { expect, it } from 'vitest';
import { withFenceRemarks } from '../../../lib/migration/plan/fence-remarks';
import type { RemarkedPlan } from '../../../lib/migration/plan/remarked-plan';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share, untyped } from '../../helpers';

const model = resolveApp(
  { image, config: [share('first'), share('config'), lun('config-2')], mounts: { '/data': share('data') } },
  { name: 'app', namespace: 'media', live: { '/config': 'config' } },
);
const place = (...kinds: string[]) => ({ model, client: untyped<never>({ admissionKinds: async () => kinds }) });
const plan = (more: object = {}): RemarkedPlan =>
  untyped({ planned: { plan: { mountPath: '/config', volume: 'config-2', ...more }, digest: 'd' }, remarks: ['said'] });
const move = plan({ later: [{ name: 'stop', text: '' }] });

it('names the unprotected claims of each move, if the cluster has no fence', async () => {
  const [remarked, other] = await withFenceRemarks(place('ValidatingWebhookConfiguration'), [move, plan()]);
  expect(remarked?.remarks).toEqual([
    'said',
    expect.stringMatching(/no ValidatingAdmissionPolicy.*claim first, config,/),
  ]);
  expect(remarked?.planned).toBe(move.planned);
  expect(other).toEqual(plan());
});

it('says nothing if the cluster has a fence, and asks nothing if nothing is moved', async () => {
  expect(await withFenceRemarks(place('ValidatingAdmissionPolicy'), [move])).toEqual([move]);
  const unasked = { model, client: untyped<never>({}) };
  expect(await withFenceRemarks(unasked, [plan()])).toEqual([plan()]);
});

it('fails if the cluster is unreachable, because a fence may exist', async () => {
  const client = untyped<never>({ admissionKinds: () => Promise.reject(new Error('off')) });
  await expect(withFenceRemarks({ model, client }, [move])).rejects.toThrow('off');
});
