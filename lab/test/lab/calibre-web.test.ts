import { describe, expect, it } from 'vitest';
import { PulumiProject } from '../../project/pulumi-project';
import { createFormatted, useLab } from './fixture';

const fixture = useLab();
const IQN = 'iqn.2000-01.com.example:calibre-web';
const inApp = (...command: readonly string[]) =>
  fixture.lab.kubectl(['--namespace', 'books', 'exec', 'deployment/calibre-web', '--', ...command]);

const description = (image: string) => `import { calibreWeb, defineCluster, iscsi } from 'lunward';

export default defineCluster({
  context: 'home',
  namespace: 'books',
  apps: {
    'calibre-web': calibreWeb({
      image: '${image}',
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      config: iscsi({ name: 'books', targetPortal: '192.0.2.200:3260', iqn: '${IQN}', lun: 1, size: '1Gi' }),
    }),
  },
});
`;

describe('a real app', () => {
  it('runs on a LUN, and keeps its database there', async () => {
    await createFormatted(fixture.lab, IQN);
    const node = fixture.lab.node('node-b');
    await node.importCalibreWeb();
    const images = await node.run('ctr', ['--namespace', 'k8s.io', 'images', 'list', '--quiet']);
    const image = /^docker\.io\/(lab\/calibre-web:\S+)$/m.exec(images)?.[1] ?? '';
    const project = PulumiProject.create(fixture.engine, fixture.lab, { 'cluster.ts': description(image) });
    // Only one node has the image.
    await fixture.lab.kubectl(['cordon', 'node-a']);
    await project.initAndUp('shared');
    await project.initAndUp('calibre-web');
    project.remove();
    expect(await inApp('cat', '/proc/mounts')).toMatch(/^\/dev\/sd\S+ \/config ext4 rw/m);
    expect(await inApp('ls', '/config')).toContain('app.db');
    const database = await inApp('head', '-c', '15', '/config/app.db');
    expect(database).toBe('SQLite format 3');
  }, 900_000);
});
