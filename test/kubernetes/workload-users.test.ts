import { describe, expect, it } from 'vitest';
import { UnanswerableError, UnreachableError } from '../../lib/core/problems';
import type { ClusterClient } from '../../lib/kubernetes/cluster-client';
import { readWorkloads, type Workload, workloadsUsing, workloadText } from '../../lib/kubernetes/workload-users';
import { untyped } from '../helpers';

const used = { namespace: 'media', claim: 'config', nfs: { server: '192.0.2.200', path: '/volume1/config' } };
const claims = ['config', 'data-sonarr-0', 'data-sonarr-old'].map((name) => ({
  metadata: { name, namespace: 'media' },
}));

const template = (volume: object) => ({
  template: { spec: { containers: [], volumes: [{ name: 'state', ...volume }] } },
});
const claim = (claimName: string) => ({ persistentVolumeClaim: { claimName } });
const workload = (kind: string, spec: object, more: object = {}): Workload =>
  untyped({ kind, metadata: { name: 'sonarr', namespace: 'media' }, spec, ...more });

describe('a workload that may have no pod at the moment', () => {
  it.each<[string, Workload, boolean]>([
    ['a Deployment of the claim', workload('Deployment', { replicas: 0, ...template(claim('config')) }), true],
    ['one of another claim', workload('Deployment', { replicas: 0, ...template(claim('other')) }), false],
    ['a CronJob of the claim', workload('CronJob', { jobTemplate: { spec: template(claim('config')) } }), true],
    [
      'a Job of a folder in it',
      workload('Job', template({ nfs: { server: '192.0.2.200', path: '/volume1/config/a' } })),
      true,
    ],
    [
      'one of a claim of that name elsewhere',
      untyped({ ...workload('Job', template(claim('config'))), metadata: { namespace: 'other' } }),
      false,
    ],
    ['a DaemonSet without volumes', workload('DaemonSet', { template: { spec: { containers: [] } } }), false],
  ])('is found by what its pods would mount: %s', (_, one, isFound) => {
    expect(workloadsUsing(used, [one], { claims, volumes: [] })).toEqual(isFound ? [one] : []);
  });

  it.each([
    ['data-sonarr-0', 1],
    ['data-sonarr-old', 0],
    ['config', 0],
  ])('is a StatefulSet whose template made the claim: %s', (name, count) => {
    const one = workload('StatefulSet', {
      replicas: 0,
      volumeClaimTemplates: [{ metadata: { name: 'data' } }],
      ...{ template: {} },
    });
    expect(workloadsUsing({ namespace: 'media', claim: name }, [one], { claims, volumes: [] })).toHaveLength(count);
  });

  it('is read once, without objects of other workloads, and without finished Jobs', async () => {
    const lists: Record<string, object[]> = {
      Deployment: [{ metadata: { name: 'app' } }],
      CronJob: [{ metadata: { name: 'backup' } }],
      Job: [
        { metadata: { name: 'backup-1', ownerReferences: [{ controller: true, kind: 'CronJob' }] } },
        { metadata: { name: 'done' }, status: { conditions: [{ type: 'Complete', status: 'True' }] } },
        { metadata: { name: 'waiting' }, status: { conditions: [{ type: 'Suspended', status: 'True' }] } },
      ],
    };
    const asked: unknown[][] = [];
    const list = async (kind: string, ...more: unknown[]) => {
      asked.push([kind, ...more]);
      return lists[kind] ?? [];
    };
    const found = await readWorkloads(untyped<ClusterClient>({ list }));
    expect(typeof found === 'string' ? found : found.map(({ kind, metadata }) => `${kind} ${metadata?.name}`)).toEqual([
      'Deployment app',
      'CronJob backup',
      'Job waiting',
    ]);
    expect(asked).toContainEqual(['CronJob', undefined, 'batch/v1']);
  });

  it('is unknown without permission to list it, unlike when the API server does not answer', async () => {
    const read = (error: Error) => readWorkloads(untyped<ClusterClient>({ list: () => Promise.reject(error) }));
    expect(await read(new UnanswerableError('User "jane" cannot list resource "cronjobs"'))).toContain(
      '"jane" cannot list',
    );
    await expect(read(new UnreachableError('off'))).rejects.toThrow('off');
  });

  it.each([
    ['CronJob', { schedule: '0 3 * * *', suspend: true }, 'CronJob media/sonarr (a pod at "0 3 * * *", suspended)'],
    ['Deployment', { replicas: 0 }, 'Deployment media/sonarr (0 replicas)'],
    ['DaemonSet', {}, 'DaemonSet media/sonarr'],
  ])('is named with the reason why it has none: %s', (kind, spec, text) => {
    expect(workloadText(workload(kind, spec))).toBe(text);
  });
});
