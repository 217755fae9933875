import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../engine/run';

const CHECKOUT = join(__dirname, '../../..');
const rehearse = (description: string) =>
  run(join(CHECKOUT, 'node_modules/.bin/jiti'), [join(CHECKOUT, 'lab/rehearse.ts'), description]);

/** The description of another user's cluster, with much that the lab has to provide. */
const DESCRIPTION = `import { claim, defineCluster, nfs, radarr } from 'lunward';
import { nas } from './nas';

export default defineCluster({
  context: 'admin@cluster of mine',
  namespace: { name: 'films', existing: true },
  apps: {
    films: radarr({
      image: 'registry.example.com/radarr:5.14',
      puid: 1234,
      pgid: 1234,
      config: nfs({ name: 'films-config', server: nas, path: '/export/films', size: '1Gi' }),
      mounts: { '/scratch': claim({ name: 'scratch', storageClassName: 'fast', size: '1Gi' }) },
      env: { KEY: { secretKeyRef: { name: 'films', key: 'api-key' } } },
      pod: { nodeSelector: { disk: 'ssd' } },
    }),
  },
});
`;

describe('npm run rehearse', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lunward-described-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(CHECKOUT, join(folder, 'node_modules', 'lunward'));
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    writeFileSync(join(folder, 'nas.ts'), "export const nas = 'nas.example.com';\n");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('brings up a description of another cluster, in a lab that has what it counts on, and writes nothing beside it', async () => {
    writeFileSync(join(folder, 'cluster.ts'), DESCRIPTION);
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await rehearse(join(folder, 'cluster.ts'));
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('failed')]);
    expect(stdout).toContain('Every app is Ready');
    expect(stdout).toMatch(/^radarr has committed \d+ rows$/m);
    expect(stdout).toMatch(/^films +films-config +Bound +films-config +1Gi$/m);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('refuses what the lab can not stand in for, before it starts anything', async () => {
    const config = `csi({ name: 'config', driver: 'csi.example.com', volumeHandle: 'one', size: '1Gi' })`;
    writeFileSync(
      join(folder, 'cluster.ts'),
      DESCRIPTION.replace(/nfs\(\{.*\}\),/, `${config},`)
        .replace('claim, defineCluster, nfs', 'claim, csi, defineCluster')
        .replace("import { nas } from './nas';\n", '')
        .replace("disk: 'ssd'", "'kubernetes.io/hostname': 'nuc'"),
    );
    expect(await rehearse(join(folder, 'cluster.ts'))).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        '\nThe rehearsal failed: the lab has no CSI driver csi.example.com, and no node nuc: its nodes are node-a and ' +
        'node-b: rehearse a copy of the description without what needs it; nothing was started\n',
    });
  });
});
