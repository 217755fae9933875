import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { synth } from '../../../lib/cli/commands/synth';
import type { ClusterDescription } from '../../../lib/cluster';
import { image, lun } from '../../helpers';
import { describedFolder } from '../description';
import { resultIn } from '../result-in';

const folder = describedFolder();
const tv = { image, config: lun('tv-config') };
const music = { image, config: lun('music-config') };
const cluster = (
  apps: ClusterDescription['apps'],
  namespace: ClusterDescription['namespace'] = 'media',
): ClusterDescription => ({ namespace, apps });

let warned: string[];
const dist = (name = '') => path.join(folder.at('dist'), name);
const run = (description: ClusterDescription) => {
  folder.describe(description);
  return synth(folder.at('cluster.ts'), dist());
};
const put = (name: string, content: string) => {
  mkdirSync(dist(), { recursive: true });
  writeFileSync(dist(name), content);
};
beforeEach(() => {
  warned = [];
  vi.spyOn(console, 'warn').mockImplementation((text: string) => warned.push(text));
});

describe('lunward synth', () => {
  it('writes one file per app and one for what apps share, each with a mark and complete manifests', async () => {
    await run(cluster({ tv, music }));
    expect(readdirSync(dist()).sort()).toEqual(['music.k8s.yaml', 'shared.k8s.yaml', 'tv.k8s.yaml']);
    const content = readFileSync(dist('tv.k8s.yaml'), 'utf8');
    expect(content).toMatch(/^# Written by "lunward synth" from "cluster.ts" for namespace "media";/);
    expect(parseAllDocuments(content).map((one) => one.get('kind'))).toContain('Deployment');
  });

  it('writes the same bytes into any folder', async () => {
    await run(cluster({ tv }));
    await synth(folder.at('cluster.ts'), folder.at('elsewhere/deep'));
    expect(readFileSync(folder.at('elsewhere/deep/tv.k8s.yaml'))).toEqual(readFileSync(dist('tv.k8s.yaml')));
  });

  it('removes the file of an app that is gone, even if someone edited it', async () => {
    await run(cluster({ tv, music }));
    put('music.k8s.yaml', `${readFileSync(dist('music.k8s.yaml'), 'utf8').replaceAll('\n', '\r\n')}# mine\n`);
    await run(cluster({ tv }));
    expect(readdirSync(dist()).sort()).toEqual(['shared.k8s.yaml', 'tv.k8s.yaml']);
    expect(warned).toEqual([expect.stringContaining('music.k8s.yaml')]);
  });

  it('prints as JSON what it wrote and removed, and its warnings', async () => {
    await run(cluster({ tv, music }));
    folder.describe(cluster({ tv }), { version: 1, live: { music: { '/config': 'music-config' } } });
    folder.said();
    await synth(folder.at('cluster.ts'), dist(), { json: true });
    const warning = { path: expect.stringContaining('music'), message: expect.any(String) };
    expect(resultIn(folder.said())).toEqual({
      folder: folder.at('dist'),
      written: ['tv.k8s.yaml', 'shared.k8s.yaml'],
      removed: ['music.k8s.yaml'],
      warnings: [warning],
    });
  });

  it('leaves and names a file without its mark', async () => {
    put('mine.k8s.yaml', 'kind: ConfigMap\n');
    put('kustomization.yaml', 'resources: []\n');
    mkdirSync(dist('folder.k8s.yaml'));
    await run(cluster({ tv }));
    expect(readFileSync(dist('mine.k8s.yaml'), 'utf8')).toBe('kind: ConfigMap\n');
    expect(existsSync(dist('kustomization.yaml'))).toBe(true);
    expect(warned).toEqual([expect.stringContaining('mine.k8s.yaml')]);
  });

  it('leaves the files of another description in the folder', async () => {
    await run(cluster({ music }, { name: 'sound', existing: true }));
    await run(cluster({ tv }));
    expect(readdirSync(dist()).sort()).toEqual(['music.k8s.yaml', 'shared.k8s.yaml', 'tv.k8s.yaml']);
    expect(warned).toEqual([]);
  });

  it('leaves the files of a description with the same name in another folder of the project', async () => {
    writeFileSync(folder.at('package.json'), '{}');
    const parts: Readonly<Record<string, ClusterDescription['apps']>> = { sound: { music }, video: { tv } };
    for (const [name, apps] of Object.entries(parts)) {
      folder.describe(cluster(apps, { name: 'media', existing: true }));
      mkdirSync(folder.at(name));
      renameSync(folder.at('cluster.ts'), folder.at(`${name}/cluster.ts`));
      await synth(folder.at(`${name}/cluster.ts`), dist());
    }
    expect(readdirSync(dist())).toEqual(expect.arrayContaining(['music.k8s.yaml', 'tv.k8s.yaml']));
    expect(warned).toEqual([]);
  });

  it.each([
    ['without its mark', 'kind: ConfigMap\n'],
    ['of another description', '# Written by "lunward synth" from "cluster.ts" for namespace "tv"; edits …\n'],
    ['that is empty', ''],
  ])('replaces no file %s, and writes nothing then', async (_, content) => {
    put('tv.k8s.yaml', content);
    await expect(run(cluster({ music, tv }))).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(dist('tv.k8s.yaml')),
    });
    expect(readdirSync(dist())).toEqual(['tv.k8s.yaml']);
    expect(readFileSync(dist('tv.k8s.yaml'), 'utf8')).toBe(content);
  });

  it('marks a file that an earlier version wrote with the same content', async () => {
    await run(cluster({ tv }));
    const content = readFileSync(dist('tv.k8s.yaml'), 'utf8');
    put('tv.k8s.yaml', content.slice(content.indexOf('\n') + 1));
    await run(cluster({ tv }));
    expect(readFileSync(dist('tv.k8s.yaml'), 'utf8')).toBe(content);
  });

  it('replaces its own file, edits included', async () => {
    await run(cluster({ tv }));
    const content = readFileSync(dist('tv.k8s.yaml'), 'utf8');
    put('tv.k8s.yaml', `${content}# mine\n`);
    await run(cluster({ tv }));
    expect(readFileSync(dist('tv.k8s.yaml'), 'utf8')).toBe(content);
  });
});
