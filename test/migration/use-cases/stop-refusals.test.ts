import { describe, expect, it } from 'vitest';
import { UnanswerableError, UnreachableError, UserError } from '../../../lib/core/problems';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import type { AppContext } from '../../../lib/migration/app-context';
import { cutOverRefusals } from '../../../lib/migration/plan/cut-over-refusals';
import { planMove } from '../../../lib/migration/plan/plan-move';
import type { PlannedVolume } from '../../../lib/migration/plan/remarked-plan';
import { withSourceRefusals, withStopRefusals } from '../../../lib/migration/use-cases/stop-refusals';
import { kubectlOwners } from '../../../lib/owners/registry';
import { resolveApp } from '../../../lib/workload/model';
import { expectAdvice, type Told } from '../../expect-advice';
import { image, lun, share, untyped } from '../../helpers';
import { probed, targetFacts } from '../facts';
import { boundObjectsOf, mountOf, podOn } from '../storage-objects';

const [source, target] = [share('config'), lun('config-2')];
const moved = { mountPath: '/config', source, target, patches: [] };
const planned: PlannedVolume = {
  action: 'move',
  mountPath: '/config',
  planned: planMove({ ...targetFacts({ volume: lun('jellyfin-config') }), source, found: probed, patches: [] }),
  remarks: [],
};

/** An app whose cluster has of its volume what is given; the node has mounted for its pod what is described. */
function workplace(has: Partial<ReturnType<typeof boundObjectsOf>>): AppContext {
  const objects = { Pod: [podOn(source)], PersistentVolumeClaim: has.claim, PersistentVolume: has.persistentVolume };
  const client = {
    list: async (kind: keyof typeof objects) => [objects[kind] ?? []].flat(),
    admissionKinds: async () => ['ValidatingAdmissionPolicy'],
    read: async () => undefined,
    log: async () => '',
  };
  const run = async () => ({ result: 'unchanged', facts: { mounts: [mountOf(source)] } });
  const model = resolveApp({ image, config: [source, target] }, { name: 'app', namespace: 'media' });
  const nodes = [{ name: 'node-b', runner: { run } }];
  return untyped({ client, model, nodes, moves: async () => [moved], journal: async () => ({}) });
}

describe.each([
  ['a move', withStopRefusals],
  ['what prepares one', withSourceRefusals],
])('%s', (_, withRefusals) => {
  const refusals = async (has: Parameters<typeof workplace>[0]) => {
    const all = await withRefusals(workplace(has), [planned]);
    expect(all[0]?.planned).toBe(planned.planned);
    return all.flatMap((one) => one.planned.refusals ?? []);
  };
  const own: Told[] = withRefusals === withStopRefusals ? [['deployment-missing', 'Deployment media/app']] : [];
  const { claim, persistentVolume } = boundObjectsOf(source);

  it('is not refused for a volume that is as described, or does not exist yet', async () => {
    expectAdvice(await refusals({ claim, persistentVolume }), own);
    expectAdvice(await refusals({}), own);
  });

  it('is refused for a PersistentVolume with its data elsewhere', async () => {
    const spec = { ...persistentVolume.spec, nfs: { server: '192.0.2.200', path: '/volume1/old' } };
    expectAdvice(await refusals({ claim, persistentVolume: { ...persistentVolume, spec } }), [
      ...own,
      ['stored-elsewhere', 'PersistentVolume config', 'nfs.path', '/volume1/config', '/volume1/old'],
    ]);
  });
});

const planOf = (action: PlannedVolume['action'], how: 'plan' | 'done' | 'refusals' = 'plan'): PlannedVolume =>
  untyped({ action, mountPath: '/config', remarks: [], planned: { [how]: how === 'refusals' ? [] : {} } });

/** Where an app is described, and the cluster has nothing of it. */
const described = (client: object): AppContext =>
  untyped({
    app: 'app',
    project: { file: 'cluster.ts' },
    owners: kubectlOwners,
    model: resolveApp({ image, config: lun('config') }, { name: 'app', namespace: 'media' }),
    client,
    moves: async () => [],
    journal: async () => ({}),
  });
const withoutDeployment = described({
  list: async () => [],
  read: async () => undefined,
  admissionKinds: async () => ['ValidatingAdmissionPolicy'],
});

describe('what prevents stopping an app', () => {
  it('is reported for a move of an app that is not in the cluster', async () => {
    const plans = [planOf('format'), planOf('move')];
    const [, , added, ...more] = await withStopRefusals(withoutDeployment, plans);
    expect(more).toEqual([]);
    expect(added?.planned.refusals).toMatchObject([
      {
        code: 'deployment-missing',
        subject: 'Deployment media/app',
        found: 'is not in the cluster',
        remedy: expect.stringContaining('apply it'),
      },
    ]);
  });

  it.each<[string, readonly PlannedVolume[]]>([
    ['a first volume, which is formatted before its app is applied', [planOf('format')]],
    ['a first volume beside data that stays where it is', [planOf('format'), planOf('describe', 'done')]],
    ['a first volume beside a move that is refused already', [planOf('format'), planOf('move', 'refusals')]],
    ['an app that was moved', [planOf('none', 'done')]],
  ])('is not asked for %s', async (_, plans) => {
    const unreached = described({ read: () => Promise.reject(new UserError('The API server is off')) });
    expect(await withStopRefusals(unreached, plans)).toEqual(plans);
  });

  it.each([
    [1, []],
    [2, ['Deployment media/app asks for 2 replicas, and an app is moved with one pod, or none']],
  ])('is checked for an app with %i replicas', async (replicas, expected) => {
    const { claim, persistentVolume } = boundObjectsOf(source);
    const place = workplace({ claim, persistentVolume });
    const owner = { needsPulumi: false, refusals: async () => [], workload: async () => ({ replicas }) };
    const live = async ({ kind, metadata }: LiveObject) => (kind === 'Deployment' ? { metadata } : undefined);
    const client = { ...place.client, read: live, create: async (object: LiveObject) => object };
    const context = untyped<AppContext>({ ...place, client, project: {}, owners: { kubectl: () => owner } });
    const all = await withStopRefusals(context, [planned]);
    expect(all.flatMap((one) => one.planned.refusals?.map((found) => `${found.subject} ${found.found}`) ?? [])).toEqual(
      expected,
    );
  });

  it('includes a log that Lunward may not read, because the health check needs it', async () => {
    const { claim, persistentVolume } = boundObjectsOf(source);
    const { client, model } = workplace({ claim, persistentVolume });
    const refusals = async (error: Error) => {
      const log = () => Promise.reject(error);
      const found = await cutOverRefusals(untyped({ ...client, log, create: async () => ({}) }), model, [moved], []);
      return found.map(({ subject }) => subject).filter((subject) => subject.startsWith('The log'));
    };
    const denied = new UnanswerableError('User "jane" cannot get resource "pods/log"');
    expect(await refusals(denied)).toEqual(['The log of Pod media/app-1']);
    expect(await refusals(new UnreachableError('dial tcp: i/o timeout'))).toEqual([]);
  });
});
