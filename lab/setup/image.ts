import { join } from 'node:path';
import type { Progress } from '../engine/progress';
import { run } from '../engine/run';
import { environment } from './requirements';
import { contentOf, ensureStored } from './stored';

const SCRIPTS = join(__dirname, '..', 'image');

/** The disk that every machine starts from, with its kernel. */
export interface Image {
  readonly folder: string;
  readonly base: string;
  readonly kernel: string;
  readonly initialRamDisk: string;
  /** A static busybox, for container images. */
  readonly busybox: string;
}

/** Makes the image from Debian's packages, once. */
export async function ensureImage(root: string, progress: Progress): Promise<Image> {
  const folder = await ensureStored(
    { root, kind: 'image', inputs: [contentOf(SCRIPTS)], title: "the machines' disk image, from Debian's packages" },
    progress,
    buildImage,
  );
  const file = (name: string) => join(folder, name);
  return {
    folder,
    base: file('base.img'),
    kernel: file('vmlinuz'),
    initialRamDisk: file('initrd.img'),
    busybox: file('busybox'),
  };
}

async function buildImage(folder: string): Promise<void> {
  const { code, stdout, stderr } = await run('bash', [join(SCRIPTS, 'build.sh')], { cwd: folder, env: environment() });
  if (code === 0) return;
  const lines = `${stdout}${stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new Error(
    `the machines' disk image could not be made: build.sh ended with ${code}. Its last words:\n${lines}\n` +
      "It needs Debian's package archive and, for a plain user, user namespaces (packages uidmap) or fakechroot. " +
      'Nothing is left of the attempt; run it again when that is mended.',
  );
}
