import { expect, it } from 'vitest';
import type { LiveObject } from '../../lib/kubernetes/cluster-client';
import { workloadOf } from '../../lib/owners/live-workload';
import { untyped } from '../helpers';

const deployment = (replicas?: number, readyReplicas?: number) =>
  untyped<LiveObject>({
    spec: {
      ...(replicas !== undefined && { replicas }),
      template: {
        spec: {
          containers: [
            {
              volumeMounts: [
                { name: 'config', mountPath: '/config' },
                { name: 'media', mountPath: '/media' },
              ],
            },
          ],
          volumes: [
            { name: 'config', persistentVolumeClaim: { claimName: 'app-config' } },
            { name: 'media', nfs: {} },
          ],
        },
      },
    },
    ...(readyReplicas !== undefined && { status: { readyReplicas } }),
  });

it.each([
  [deployment(1, 1), 1, 1],
  [deployment(0), 0, 0],
  [deployment(undefined), 1, 0],
])('reads a Deployment’s replicas, and its claims by mount path', (live, replicas, ready) => {
  expect(workloadOf(live)).toEqual({ replicas, ready, claims: { '/config': 'app-config' } });
});

it('reads the claim of the app if a sidecar has another one at the same path', () => {
  const container = (name: string) => ({ volumeMounts: [{ name, mountPath: '/config' }] });
  const volume = (name: string) => ({ name, persistentVolumeClaim: { claimName: name } });
  const spec = { containers: [container('app'), container('exporter')], volumes: [volume('app'), volume('exporter')] };
  expect(workloadOf(untyped<LiveObject>({ spec: { template: { spec } } })).claims).toEqual({ '/config': 'app' });
});
