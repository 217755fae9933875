import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineCluster } from '../../lib/cluster';
import { loadCluster } from '../../lib/cluster/load-cluster';

const library = path.join(__dirname, '../../lib/cluster/index.ts');
// Nothing is cached, so a description that imports all of the library takes a second; one with what is loaded here does not.
Object.assign(globalThis, { lunwardInTests: { defineCluster } });

describe('loadCluster', () => {
  let folder = '';
  const file = (name = 'cluster.ts') => path.join(folder, name);
  const write = (name: string, ...lines: string[]) => writeFileSync(file(name), lines.join('\n'));
  const writeDescription = (namespace: string, from = './library') =>
    write(
      'cluster.ts',
      `import { defineCluster } from ${JSON.stringify(from)};`,
      `import { apps } from './apps';`,
      `const namespace: string = ${JSON.stringify(namespace)};`,
      'export default defineCluster({ namespace, apps });',
    );

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'load-'));
    write('apps.ts', 'export const apps = {};');
    write('library.ts', 'export const { defineCluster } = (globalThis as any).lunwardInTests;');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('loads TypeScript without a build, and the lock file in the same folder', async () => {
    writeDescription('media', library);
    write('lunward.lock.json', '{ "version": 1, "live": { "a": { "/config": "b" } } }');
    const { cluster, lock, file: loaded } = await loadCluster(file());
    expect(cluster.namespace).toEqual({ name: 'media' });
    expect(lock.live).toEqual({ a: { '/config': 'b' } });
    expect(loaded).toBe(file());
  });

  it('has an empty lock if there is no lock file', async () => {
    writeDescription('media');
    expect((await loadCluster(file())).lock).toEqual({ version: 1, live: {} });
  });

  it('reads edits of the description and of its imports', async () => {
    writeDescription('media');
    await loadCluster(file());
    writeDescription('tv');
    write('apps.ts', "export const apps = { comics: { image: 'registry.example.com/comics:1' } };");
    const { cluster } = await loadCluster(file());
    expect([cluster.namespace.name, Object.keys(cluster.apps)]).toEqual(['tv', ['comics']]);
  });

  it('prefers the description to its compiled output', async () => {
    writeDescription('media');
    write('cluster.js', 'throw new Error("yesterday");');
    write('apps.js', 'throw new Error("yesterday");');
    expect((await loadCluster(file())).cluster.namespace.name).toBe('media');
  });

  it('says what to do if there is no description', async () => {
    await expect(loadCluster(file('none.ts'))).rejects.toThrow(/no description at .*none\.ts.*--file.*lunward init/);
    mkdirSync(file('folder.ts'));
    await expect(loadCluster(file('folder.ts'))).rejects.toThrow(/is a folder/);
  });

  it.each([
    ['nothing', 'export const a = 1;'],
    ['a plain object', 'export default { namespace: "media", apps: {} };'],
    ['a promise', 'export default Promise.resolve({});'],
  ])('says what to write if a file exports %s', async (_, code) => {
    write('cluster.ts', code);
    await expect(loadCluster(file())).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('export default defineCluster({ … })'),
    });
  });

  it('reports the problems of the description', async () => {
    writeDescription('Media', library);
    await expect(loadCluster(file())).rejects.toMatchObject({
      code: 'description-invalid',
      message: expect.stringContaining('\n  namespace:'),
    });
  });

  it('reports the problems of the lock file with its path', async () => {
    writeDescription('media');
    write('lunward.lock.json', '{');
    await expect(loadCluster(file())).rejects.toMatchObject({
      code: 'description-invalid',
      problems: [expect.anything()],
      subject: file('lunward.lock.json'),
    });
  });
});
