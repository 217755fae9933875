import { createHash } from 'node:crypto';
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run } from '../engine/run';

/** A container image, as an archive holds it. */
export interface ArchiveImage {
  /** Under which containerd knows it: `lab/pause:1`. */
  readonly reference: string;
  /** From the lowest to the highest: folders, and tar files that are taken as they are. */
  readonly layers: readonly string[];
  readonly entrypoint: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** TCP ports. */
  readonly exposedPorts?: readonly number[];
  /** User id, and group id behind a colon. Default: root. */
  readonly user?: string;
  /** Default: SIGTERM. */
  readonly stopSignal?: string;
}

interface Layer {
  readonly file: string;
  readonly digest: string;
}

/** Names and times that differ from one run to the next would make another image of the same files. */
const SAME_ANYWHERE = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];

/**
 * Writes an archive of several images in Docker's format, which `ctr images import` takes without any registry. A layer
 * that images share is in it once. The same images give the same bytes; the target is whole or not there.
 */
export async function writeArchive(target: string, images: readonly ArchiveImage[]): Promise<void> {
  refuseDuplicates(images);
  const stage = mkdtempSync(join(dirname(resolve(target)), '.archive-'));
  try {
    const content = join(stage, 'content');
    mkdirSync(content);
    const layers = new Map<string, Layer>();
    for (const path of new Set(images.flatMap((image) => image.layers))) {
      layers.set(path, await addLayer(stage, content, path));
    }
    const manifest = images.map((image) => {
      const own = image.layers.map((path) => layers.get(path) as Layer);
      return {
        Config: addConfig(content, image, own),
        RepoTags: [image.reference],
        Layers: own.map((layer) => layer.file),
      };
    });
    writeFileSync(join(content, 'manifest.json'), JSON.stringify(manifest), { mode: 0o644 });
    const finished = join(stage, 'archive.tar');
    // Layers that are tar files already are links here.
    await tar(content, finished, readdirSync(content), ['--dereference', '--mode=0644']);
    renameSync(finished, target);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Writes a folder's files as a layer of their own. */
export async function writeLayer(folder: string, target: string): Promise<void> {
  const half = `${target}.${process.pid}`;
  try {
    await tar(folder, half, ['.']);
    renameSync(half, target);
  } finally {
    rmSync(half, { force: true });
  }
}

function refuseDuplicates(images: readonly ArchiveImage[]): void {
  const seen = new Set<string>();
  for (const { reference } of images) {
    if (seen.has(reference)) throw new Error(`image ${reference} is in the archive twice: give each reference once`);
    seen.add(reference);
  }
}

async function addLayer(stage: string, content: string, path: string): Promise<Layer> {
  let source = resolve(path);
  if (statSync(source).isDirectory()) {
    const packed = join(stage, 'layer.tar');
    await writeLayer(source, packed);
    source = packed;
  }
  const digest = await sha256(source);
  const file = `${digest}.tar`;
  if (source.startsWith(join(stage, '/'))) renameSync(source, join(content, file));
  else linkOnce(source, join(content, file));
  return { file, digest };
}

/** Two paths may hold the same layer. */
function linkOnce(source: string, link: string): void {
  rmSync(link, { force: true });
  symlinkSync(source, link);
}

function addConfig(content: string, image: ArchiveImage, layers: readonly Layer[]): string {
  const text = JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: {
      Entrypoint: image.entrypoint,
      Env: Object.entries(image.env ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
      WorkingDir: image.workingDirectory,
      ExposedPorts: image.exposedPorts && Object.fromEntries(image.exposedPorts.map((port) => [`${port}/tcp`, {}])),
      User: image.user,
      StopSignal: image.stopSignal,
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${layer.digest}`) },
  });
  const file = `${createHash('sha256').update(text).digest('hex')}.json`;
  writeFileSync(join(content, file), text, { mode: 0o644 });
  return file;
}

async function tar(
  folder: string,
  target: string,
  files: readonly string[],
  options: readonly string[] = [],
): Promise<void> {
  const result = await run('tar', ['-C', folder, ...SAME_ANYWHERE, ...options, '-cf', target, ...[...files].sort()]);
  if (result.code === 0) return;
  throw new Error(`GNU tar could not pack ${folder} into ${target}, it ended with ${result.code}: ${result.stderr}`);
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
