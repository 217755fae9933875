import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadCluster } from '../../lib/cluster/load-cluster';
import { type ArchiveImage, writeArchive } from '../apps/archive';
import { buildCalibreWeb, calibreWebImage, calibreWebKey } from '../apps/calibre-web';
import { appImagesOf } from '../apps/described';
import { labImages } from '../apps/images';
import { type Layers, makeLayers } from '../apps/layers';
import type { Engine } from '../engine/engine';
import type { Progress } from '../engine/progress';
import { run } from '../engine/run';
import type { Image } from './image';
import { environment } from './requirements';
import { ensureStored } from './stored';

const EXAMPLE = join(__dirname, '..', '..', 'stacks', 'cluster.ts');

/** The read-only disk that both nodes see: the kubelet, and container images to be taken in. */
export async function ensurePayload(
  root: string,
  from: { readonly engine: Engine; readonly image: Image; readonly calibreWeb: string },
  progress: Progress,
): Promise<string> {
  const { engine, image, calibreWeb } = from;
  const programs = { busybox: image.busybox, mediaApp: engine.program('media-app') };
  const kubelet = engine.program('kubelet');
  // What the images are, told without making their layers.
  const named = await images({ busybox: 'busybox', mediaApp: 'media-app' });
  const folder = await ensureStored(
    {
      root,
      kind: 'payload',
      inputs: [JSON.stringify(named), ...[kubelet, ...Object.values(programs), calibreWeb].map(digest)],
      title: "the nodes' programs and container images",
    },
    progress,
    async (draft) => {
      const content = join(draft, 'content');
      mkdirSync(join(content, 'images'), { recursive: true });
      cpSync(kubelet, join(content, 'kubelet'));
      const layers = await makeLayers(join(draft, 'layers'), programs);
      await writeArchive(join(content, 'images', 'lab.tar'), await images(layers));
      const shared = { busybox: layers.busybox, calibreWeb };
      await writeArchive(join(content, 'images', 'calibre-web.tar'), [calibreWebImage(shared)]);
      await makeDisk(content, join(draft, 'payload.img'));
      rmSync(join(draft, 'layers'), { recursive: true });
      rmSync(content, { recursive: true });
    },
  );
  return join(folder, 'payload.img');
}

/** What nodes have from the start: the lab's own images and those of the worked example. */
async function images(layers: Layers): Promise<ArchiveImage[]> {
  const { cluster } = await loadCluster(EXAMPLE);
  return [...labImages(layers), ...appImagesOf(cluster, layers)];
}

/** The layer of a real app. */
export async function ensureCalibreWeb(root: string, progress: Progress): Promise<string> {
  const folder = await ensureStored(
    { root, kind: 'calibre-web', inputs: [calibreWebKey()], title: 'Calibre-Web, from its packages' },
    progress,
    async (draft) => {
      const work = join(draft, 'work');
      await buildCalibreWeb(join(draft, 'layer.tar'), work);
      rmSync(work, { recursive: true, force: true });
    },
  );
  return join(folder, 'layer.tar');
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

async function makeDisk(content: string, disk: string): Promise<void> {
  const usage = await run('du', ['-sm', content]);
  const mebibytes = Math.ceil(Number(usage.stdout.split('\t')[0]) * 1.1) + 16;
  const args = ['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-E', 'root_owner=0:0', '-d', content];
  const { code, stderr } = await run('mke2fs', [...args, `${disk}.draft`, `${mebibytes}M`], { env: environment() });
  if (code !== 0) throw new Error(`mke2fs could not make ${disk} of ${mebibytes} MiB: ${stderr.trim()}`);
  renameSync(`${disk}.draft`, disk);
}
