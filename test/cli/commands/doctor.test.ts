import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { doctor } from '../../../lib/cli/commands/doctor';
import { image, lun } from '../../helpers';
import { describedFolder } from '../description';
import { resultIn } from '../result-in';
import { StandInCluster } from '../stand-in-cluster';

const folder = describedFolder();
let cluster: StandInCluster;
beforeEach(async () => {
  cluster = new StandInCluster();
  await cluster.start(folder.at('kubeconfig'));
  vi.stubEnv('KUBECONFIG', folder.at('kubeconfig'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await cluster.stop();
});

it('checks only the cluster if the description has no nodes, and says what it did not check', async () => {
  folder.describe({ context: 'home', namespace: 'media', apps: { tv: { image, config: lun('tv-config') } } });
  expect(await doctor({ file: folder.at('cluster.ts'), json: true })).toBe(1);
  const { findings } = resultIn(folder.said()) as { findings: { code: string }[] };
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'no-node-described', remedy: expect.stringContaining('ssh:') }),
  );
  expect(findings.filter(({ code }: { code: string }) => code === 'no-node-described')).toHaveLength(1);
  expect(cluster.asked).toContain('/api/v1/namespaces/media/pods');
});
