import { afterEach, expect, it, vi } from 'vitest';
import { nodes } from '../../../lib/cli/commands/nodes';
import { image, lun } from '../../helpers';
import { describedFolder } from '../description';
import { resultIn } from '../result-in';

const folder = describedFolder();
afterEach(() => vi.unstubAllEnvs());

it('reports once that no machine was compared, if the cluster can’t be asked', async () => {
  vi.stubEnv('KUBECONFIG', folder.at('kubeconfig'));
  // No ssh: no node is reached.
  vi.stubEnv('PATH', folder.at('nothing'));
  folder.describe({
    context: 'home',
    namespace: 'media',
    nodes: { 'node-a': { ssh: 'admin@192.0.2.210' }, 'node-b': { ssh: 'admin@192.0.2.211' } },
    apps: { tv: { image, config: lun('tv-config') } },
  });
  expect(await nodes({ file: folder.at('cluster.ts'), json: true })).toBe(1);
  expect(resultIn(folder.said())).toMatchObject({
    nodes: [
      { node: 'node-a', result: 'failed' },
      { node: 'node-b', result: 'failed' },
    ],
    findings: [{ code: 'cluster-unreachable', severity: 'warning' }],
  });
});
