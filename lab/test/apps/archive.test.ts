import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArchiveImage, writeArchive, writeLayer } from '../../apps/archive';
import { run } from '../../engine/run';

interface Manifest {
  readonly Config: string;
  readonly RepoTags: readonly string[];
  readonly Layers: readonly string[];
}

describe('an archive', () => {
  let folder: string;
  let low: string;
  let high: string;
  let images: readonly ArchiveImage[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lunward-archive-'));
    low = join(folder, 'low');
    high = join(folder, 'high');
    mkdirSync(join(low, 'bin'), { recursive: true });
    mkdirSync(high);
    writeFileSync(join(low, 'bin/tool'), 'tool', { mode: 0o755 });
    writeFileSync(join(high, 'app'), 'app');
    images = [
      {
        reference: 'lab/app:1',
        layers: [low, high],
        entrypoint: ['/app', 'serve'],
        env: { PATH: '/bin', APP_NAME: 'app' },
        workingDirectory: '/config',
        exposedPorts: [8096],
        user: '1000:1000',
        stopSignal: 'SIGINT',
      },
      { reference: 'lab/tool:1', layers: [low], entrypoint: ['/bin/tool'] },
    ];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const unpack = async (file: string) => {
    const target = join(folder, 'unpacked');
    mkdirSync(target);
    expect((await run('tar', ['-C', target, '-xf', file])).code).toBe(0);
    const json = <T>(name: string) => JSON.parse(readFileSync(join(target, name), 'utf8')) as T;
    return { target, manifest: json<Manifest[]>('manifest.json'), json };
  };
  const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  const list = async (file: string) => (await run('tar', ['--numeric-owner', '-tvf', file], { env: {} })).stdout;

  it('names each image, its configuration and its layers', async () => {
    const file = join(folder, 'images.tar');
    await writeArchive(file, images);
    const { target, manifest, json } = await unpack(file);
    expect(manifest.map(({ RepoTags }) => RepoTags)).toEqual([['lab/app:1'], ['lab/tool:1']]);
    const [app, tool] = manifest as [Manifest, Manifest];
    for (const { Config, Layers } of manifest) {
      expect(Config).toBe(`${digest(join(target, Config))}.json`);
      const config = json<{ rootfs: { diff_ids: string[] } }>(Config);
      expect(config.rootfs.diff_ids).toEqual(Layers.map((layer) => `sha256:${digest(join(target, layer))}`));
    }
    expect(json(app.Config)).toMatchObject({
      os: 'linux',
      config: {
        Entrypoint: ['/app', 'serve'],
        Env: ['APP_NAME=app', 'PATH=/bin'],
        WorkingDir: '/config',
        ExposedPorts: { '8096/tcp': {} },
        User: '1000:1000',
        StopSignal: 'SIGINT',
      },
    });
    expect(tool.Layers).toEqual([app.Layers[0]]);
    expect(readdirSync(target)).toHaveLength(1 + 2 + 2);
    expect(await list(join(target, app.Layers[0] ?? ''))).toMatch(
      /^-rwxr-xr-x 0\/0 .* 1970-01-01 00:00 \.\/bin\/tool$/m,
    );
  });

  it('does not depend on the time or the files’ metadata', async () => {
    await writeArchive(join(folder, 'one.tar'), images);
    const other = join(folder, 'other');
    await run('cp', ['-r', low, other]);
    utimesSync(join(other, 'bin/tool'), 1, 1);
    const packed = join(folder, 'high.tar');
    await writeLayer(high, packed);
    const same = images.map((image) => ({
      ...image,
      layers: image.layers.map((layer) => (layer === low ? other : packed)),
    }));
    await writeArchive(join(folder, 'two.tar'), same);
    expect(digest(join(folder, 'two.tar'))).toBe(digest(join(folder, 'one.tar')));
  });

  it('holds a layer once if two paths lead to it', async () => {
    const packed = join(folder, 'low.tar');
    await writeLayer(low, packed);
    const file = join(folder, 'images.tar');
    await writeArchive(file, [{ reference: 'lab/app:1', layers: [packed, low], entrypoint: [] }]);
    const { target, manifest } = await unpack(file);
    expect(readdirSync(target)).toHaveLength(3);
    expect(new Set(manifest[0]?.Layers).size).toBe(1);
  });

  it('leaves the existing file, and nothing of its own, if it fails', async () => {
    const file = join(folder, 'images.tar');
    writeFileSync(file, 'before');
    const gone = { reference: 'lab/gone:1', layers: [join(folder, 'gone')], entrypoint: [] };
    await expect(writeArchive(file, [...images, gone])).rejects.toThrow('gone');
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(readdirSync(folder).sort()).toEqual(['high', 'images.tar', 'low']);
  });

  it('refuses a reference that is given twice', async () => {
    await expect(writeArchive(join(folder, 'images.tar'), [...images, ...images])).rejects.toThrow(
      'image lab/app:1 is in the archive twice',
    );
  });
});
