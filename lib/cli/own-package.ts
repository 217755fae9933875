import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder, removeTemporaryFolder } from '../cluster/temporary-folder';
import { UserError } from '../core/problems';

/** How a new project comes by this very package. */
export type Origin =
  /** A registry has it, or another place on the network: what package.json says. */
  | { readonly kind: 'network'; readonly spec: string }
  /** A file that it was installed from. */
  | { readonly kind: 'tarball'; readonly file: string }
  /** Where it is, where nothing says what it was installed from: `npm install --global` keeps no record. */
  | { readonly kind: 'folder'; readonly folder: string };

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * Where the package in a folder was installed from, by the package.json of the project that has it.
 *
 * @param folder The package's.
 * @param program The path by which it was run: of packages that are links (pnpm) the project is seen from there alone.
 */
export function originOf(folder: string, program = folder): Origin {
  const { version } = manifestIn(folder) as Manifest;
  for (const project of [...projectsAbove(program), ...projectsAbove(folder)]) {
    const { dependencies, devDependencies } = manifestIn(project) ?? {};
    const spec = dependencies?.lunward ?? devDependencies?.lunward;
    if (spec !== undefined) return originBySpec(spec, { project, folder, version });
  }
  return { kind: 'folder', folder };
}

function originBySpec(
  spec: string,
  { project, folder, version }: { readonly project: string; readonly folder: string; readonly version: string },
): Origin {
  if (/^(https?:|git|github:|gitlab:|bitbucket:)/.test(spec)) return { kind: 'network', spec };
  const isFile = /^(file|link|portal|workspace):/.test(spec) || /^[./~]/.test(spec) || spec.endsWith('.tgz');
  if (!isFile) return { kind: 'network', spec: version };
  const named = spec.startsWith('file://') ? fileURLToPath(spec) : spec.replace(/^file:/, '');
  const file = path.resolve(project, named);
  return /\.(tgz|tar\.gz)$/.test(file) && existsSync(file) ? { kind: 'tarball', file } : { kind: 'folder', folder };
}

/** The folders that have a `node_modules` on the way to a file, the nearest first. */
function projectsAbove(file: string): string[] {
  const parts = path.resolve(file).split(path.sep);
  return parts
    .flatMap((part, index) => (part === 'node_modules' ? [parts.slice(0, index).join(path.sep)] : []))
    .reverse();
}

function manifestIn(folder: string): Manifest | undefined {
  const file = path.join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : undefined;
}

/**
 * The package as a file, for a project to install it from.
 *
 * @throws UserError where npm can't pack it
 */
export function packed(origin: Exclude<Origin, { kind: 'network' }>): Buffer {
  if (origin.kind === 'tarball') return readFileSync(origin.file);
  const destination = makeTemporaryFolder();
  try {
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', destination], {
      cwd: origin.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [name = ''] = readdirSync(destination);
    return readFileSync(path.join(destination, name));
  } catch (error) {
    throw new UserError(
      `npm can't pack ${origin.folder}, from which the project would install Lunward: ${(error as Error).message}`,
      { cause: error, code: 'program-failed' },
    );
  } finally {
    removeTemporaryFolder(destination);
  }
}
