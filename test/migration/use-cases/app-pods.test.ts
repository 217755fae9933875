import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { expect, it } from 'vitest';
import { appPods } from '../../../lib/migration/use-cases/app-pods';

const model = { namespace: 'media', selector: { app: 'tv' } };
const pod = (name: string, more: V1Pod = {}): V1Pod => ({
  ...more,
  metadata: { name, namespace: 'media', labels: { app: 'tv' }, ...more.metadata },
});

it('lists only the pods of the app, by name', () => {
  const others = [
    pod('other', { metadata: { labels: { app: 'music' } } }),
    pod('elsewhere', { metadata: { namespace: 'test' } }),
  ];
  expect(appPods(model, [pod('b'), ...others, pod('a')]).map(({ name }) => name)).toEqual(['a', 'b']);
});

it.each<[string, V1Pod, object]>([
  [
    'that runs',
    {
      spec: { nodeName: 'node-a', containers: [] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    },
    { node: 'node-a', phase: 'Running', ready: true },
  ],
  [
    'that is not ready',
    { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] } },
    { phase: 'Running', ready: false },
  ],
  [
    'that is being ended',
    { metadata: { deletionTimestamp: new Date() }, status: { phase: 'Running' } },
    { phase: 'Terminating', ready: false },
  ],
  ['of which nothing is known', {}, { phase: 'Unknown', ready: false, claims: {} }],
  [
    'with volumes',
    {
      spec: {
        containers: [
          {
            name: 'tv',
            volumeMounts: [
              { name: 'a', mountPath: '/config' },
              { name: 'b', mountPath: '/cache' },
            ],
          },
        ],
        volumes: [
          { name: 'a', persistentVolumeClaim: { claimName: 'tv-config' } },
          { name: 'b', emptyDir: {} },
        ],
      },
    },
    { claims: { '/config': 'tv-config' } },
  ],
])('tells of a pod %s', (_, one, expected) => {
  expect(appPods(model, [pod('tv-1', one)])).toEqual([expect.objectContaining({ name: 'tv-1', ...expected })]);
});
