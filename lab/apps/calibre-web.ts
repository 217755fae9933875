import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../engine/run';
import type { ArchiveImage } from './archive';

const SCRIPT = join(__dirname, 'calibre-web.sh');
const REQUIREMENTS = join(__dirname, 'calibre-web.requirements.txt');

/** The version of Calibre-Web that is pinned. */
export function calibreWebVersion(): string {
  const version = /^calibreweb==(\S+)/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1];
  if (!version) throw new Error(`${REQUIREMENTS} must pin calibreweb, as in "calibreweb==0.6.27"`);
  return version;
}

/** Names what the layer is made of, to keep a finished one by. Debian's packages are the newest and not in it. */
export function calibreWebKey(): string {
  const hash = createHash('sha256');
  for (const file of [SCRIPT, REQUIREMENTS]) hash.update(readFileSync(file)).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** Makes the layer of a real media app out of packages: the target is whole or not there. */
export async function buildCalibreWeb(targetTar: string, workFolder: string): Promise<void> {
  for (const folder of [workFolder, dirname(targetTar)]) mkdirSync(folder, { recursive: true });
  const result = await run('bash', [SCRIPT, REQUIREMENTS, workFolder, targetTar], { timeoutSeconds: 1800 });
  if (result.code === 0) return;
  throw new Error(
    `Calibre-Web's image could not be built, ${SCRIPT} ended with ${result.code}:\n${result.stderr.trim()}\n` +
      'It takes mmdebstrap, GNU tar, python3 with pip, and a way to the package registries. Run it again after a network failure.',
  );
}

/**
 * The image of Calibre-Web itself, with the port and config directory that the catalog's facts say. It runs as user
 * 1000 and takes no PUID. The shell's layer lies below, for hooks and a look around.
 */
export function calibreWebImage(layers: { readonly busybox: string; readonly calibreWeb: string }): ArchiveImage {
  return {
    reference: `lab/calibre-web:${calibreWebVersion()}`,
    layers: [layers.busybox, layers.calibreWeb],
    entrypoint: ['/usr/bin/python3.11', '-m', 'calibreweb'],
    // The compiled files are all there, and nothing may be written beside them.
    env: { PATH: '/usr/bin:/bin', HOME: '/config', CALIBRE_DBPATH: '/config', PYTHONDONTWRITEBYTECODE: '1' },
    exposedPorts: [8083],
    user: '1000:1000',
  };
}
