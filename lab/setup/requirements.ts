import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Progress } from '../engine/progress';
import { run } from '../engine/run';
import { MACHINES } from './specs';

/** A program that the lab starts, with the package that holds it on Debian and Ubuntu. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  mmdebstrap: 'mmdebstrap',
  fakeroot: 'fakeroot',
  socat: 'socat',
  mke2fs: 'e2fsprogs',
  'ssh-keygen': 'openssh-client',
  tar: 'tar',
};

/** What a build of the image reads besides: without it, packages of Debian can't be verified on another system. */
const FILES: Readonly<Record<string, string>> = {
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'debian-archive-keyring',
};

/** Programs for file systems lie here. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin'];

const MEBIBYTE = 1024 * 1024;
/** What QEMU itself, its translated code, the control plane and their supervisors take besides the machines. */
const OVERHEAD_MEBIBYTES = 2200;
const DISK_MEBIBYTES = 6 * 1024;
/** What one lab writes, where all that it is made of is there. */
const DISK_MEBIBYTES_BUILT = 1024;

/** Makes sure that this machine has the programs, memory and disk space of a lab, or says what it lacks. */
export async function ensureRequirements(folder: string, progress: Progress): Promise<void> {
  assertPlatform();
  const missing = missingPackages();
  if (missing.length > 0) await install(missing, progress);
  const isBuilt = readdirSync(folder).some((name) => name.startsWith('machines-'));
  const available = { memoryMebibytes: availableMemory(), diskMebibytes: availableDisk(folder) };
  const lacks = lacksOf(folder, available, isBuilt);
  if (lacks.length > 0) throw new Error(lacks.join('\n'));
}

function assertPlatform(): void {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new Error(
    `the lab's machines need Linux on x86-64, this is ${process.platform} on ${process.arch}: run it in a Linux machine, ` +
      'or use "npm run control-plane -- up", which needs no machines',
  );
}

/** For the programs above, some of which lie where a plain user's PATH does not lead. */
export function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [process.env.PATH ?? '', ...SYSTEM_FOLDERS].join(delimiter) };
}

/** Debian's names of what is not there. */
export function missingPackages(path = process.env.PATH ?? '', exists = existsSync): string[] {
  const folders = [...path.split(delimiter), ...SYSTEM_FOLDERS];
  const missing = [
    ...Object.entries(PROGRAMS).filter(([program]) => !folders.some((folder) => exists(join(folder, program)))),
    ...Object.entries(FILES).filter(([file]) => !exists(file)),
  ].map(([, name]) => name);
  return [...new Set(missing)];
}

async function install(packages: readonly string[], progress: Progress): Promise<void> {
  const command = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages];
  const isDebian = existsSync('/usr/bin/apt-get');
  if (!isDebian || process.getuid?.() !== 0) {
    throw new Error(
      `the lab needs programs that are not here. ${
        isDebian
          ? `Install them with: sudo ${command.join(' ')}`
          : `On Debian and Ubuntu their packages are ${packages.join(', ')}; install what holds ${Object.keys(PROGRAMS).join(', ')} and Debian's archive keyring on this system`
      }`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await progress.step(`${packages.join(' ')}`, async () => {
    await run('apt-get', ['update'], { env });
    const { code, stderr } = await run(command[0] as string, command.slice(1), { env });
    if (code !== 0) throw new Error(`"${command.join(' ')}" ended with ${code}: ${stderr.trim()}`);
  });
}

/** What there is too little of, with what to do about it. */
export function lacksOf(
  folder: string,
  available: { readonly memoryMebibytes: number; readonly diskMebibytes: number },
  isBuilt: boolean,
): string[] {
  const disk = isBuilt ? DISK_MEBIBYTES_BUILT : DISK_MEBIBYTES;
  const memory = MACHINES.reduce((sum, { memoryMebibytes }) => sum + memoryMebibytes, OVERHEAD_MEBIBYTES);
  const lacks: string[] = [];
  if (available.memoryMebibytes < memory) {
    lacks.push(
      `the lab needs ${memory} MiB of memory, ${available.memoryMebibytes} MiB are available: end other programs, or ` +
        'another lab ("npm run lab -- status" names it)',
    );
  }
  if (available.diskMebibytes < disk) {
    lacks.push(
      `the lab needs ${disk} MiB of disk space in ${folder}, ${available.diskMebibytes} MiB are free: make ` +
        'room there, or set XDG_CACHE_HOME to a folder on a larger disk',
    );
  }
  return lacks;
}

function availableMemory(): number {
  const kibibytes = Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);
  return Math.floor(kibibytes / 1024);
}

function availableDisk(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return Math.floor((bavail * bsize) / MEBIBYTE);
}
