import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeLayer } from './archive';

/** What the lab's images are made of: tar files. */
export interface Layers {
  /** A shell and its tools. */
  readonly busybox: string;
  /** `/usr/local/bin/media-app`, and nothing else. */
  readonly mediaApp: string;
}

/** Where the images have the stand-in. */
export const MEDIA_APP = '/usr/local/bin/media-app';

/** Search path in the images. */
export const PATH = '/usr/local/bin:/usr/bin:/bin';

/** What pods of media apps, their hooks and exec probes call, and what helps to look around. */
const APPLETS = [
  ...['[', 'awk', 'basename', 'cat', 'chmod', 'chown', 'cp', 'cut', 'date', 'dd', 'df', 'dirname', 'du', 'echo', 'env'],
  ...['expr', 'false', 'find', 'grep', 'head', 'hostname', 'id', 'ip', 'kill', 'ln', 'ls', 'mkdir', 'mktemp', 'mount'],
  ...[
    'mv',
    'nc',
    'nslookup',
    'ping',
    'printf',
    'ps',
    'pwd',
    'readlink',
    'rm',
    'rmdir',
    'sed',
    'seq',
    'sh',
    'sha256sum',
  ],
  ...[
    'sleep',
    'sort',
    'stat',
    'sync',
    'tail',
    'tar',
    'tee',
    'test',
    'timeout',
    'touch',
    'tr',
    'true',
    'umount',
    'uname',
  ],
  ...['uniq', 'wc', 'wget', 'which', 'whoami', 'xargs'],
];

/**
 * Makes the layers in a folder.
 *
 * @throws Error when a program is missing.
 */
export async function makeLayers(
  folder: string,
  programs: {
    /** A busybox that is linked statically: the images hold no library. */
    readonly busybox: string;
    /** The engine's `media-app`. */
    readonly mediaApp: string;
  },
): Promise<Layers> {
  for (const [name, path] of Object.entries(programs)) {
    if (!existsSync(path)) throw new Error(`${name} must be a program, but there is no file ${path}`);
  }
  mkdirSync(folder, { recursive: true });
  return {
    busybox: await layer(folder, 'busybox', (root) => {
      put(root, 'bin', programs.busybox, 'busybox');
      for (const applet of APPLETS) symlinkSync('busybox', join(root, 'bin', applet));
      makeFolder(root, 'tmp', 0o1777);
    }),
    mediaApp: await layer(folder, 'media-app', (root) => put(root, 'usr/local/bin', programs.mediaApp, 'media-app')),
  };
}

async function layer(folder: string, name: string, fill: (root: string) => void): Promise<string> {
  const root = mkdtempSync(join(folder, `.${name}-`));
  try {
    chmodSync(root, 0o755);
    fill(root);
    const target = join(folder, `${name}.tar`);
    await writeLayer(root, target);
    return target;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function put(root: string, path: string, program: string, name: string): void {
  let below = '';
  for (const part of path.split('/')) {
    below = join(below, part);
    makeFolder(root, below, 0o755);
  }
  copyFileSync(program, join(root, path, name));
  chmodSync(join(root, path, name), 0o755);
}

/** With this mode, whatever the caller's umask is. */
function makeFolder(root: string, path: string, mode: number): void {
  mkdirSync(join(root, path));
  chmodSync(join(root, path), mode);
}
