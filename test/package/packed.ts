import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(__dirname, '../..');

/** The package as `npm pack` makes it, and a project that has it among its modules. */
export interface Packed {
  /** Paths of the files in the package, sorted. */
  readonly files: readonly string[];
  /** What npm has packed. */
  readonly tarball: string;
  /** A project folder with the package in its node_modules. */
  readonly project: string;
  remove(): void;
}

/**
 * Compiles into a folder of its own, so that no other build is disturbed or read, packs, and unpacks into a project. The
 * other modules are links to this checkout's: nothing is installed.
 */
export function pack(): Packed {
  const folder = mkdtempSync(path.join(tmpdir(), 'lunward-package-'));
  const stage = path.join(folder, 'stage');
  copyCheckout(stage);
  // `npm run check` checks the types.
  node([require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck'], stage);
  const packed = npmPack(stage, folder);
  const project = path.join(folder, 'project');
  link(path.join(project, 'node_modules'));
  write(project, 'package.json', '{ "private": true }');
  const target = path.join(project, 'node_modules/lunward');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', packed.file, '-C', target, '--strip-components=1']);
  return { files: packed.files, tarball: packed.file, project, remove: () => rmSync(folder, { recursive: true }) };
}

/** Runs Node in a folder and returns what it printed; throws with what it said where it fails. */
export function node(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`node ${args.join(' ')} in ${cwd} ended with ${status}:\n${stdout}${stderr}`);
  }
  return stdout;
}

/** Writes a file into a folder. */
export function write(folder: string, name: string, content: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

// With everything that must not be packed, or the list of files would prove nothing.
function copyCheckout(stage: string): void {
  const skipped = new Set(['node_modules', '.git', 'build', 'dist']);
  mkdirSync(stage);
  for (const name of readdirSync(root).filter((entry) => !skipped.has(entry))) {
    cpSync(path.join(root, name), path.join(stage, name), {
      recursive: true,
      filter: (file) => !/[/\\]go$/.test(file),
    });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(stage, 'node_modules'));
}

function npmPack(stage: string, destination: string): { files: string[]; file: string } {
  // npm comes with Node; its own script is run by this Node, whatever the PATH says.
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], {
    cwd: stage,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const parsed = JSON.parse(output) as PackReport[] | Record<string, PackReport>;
  // A list, and since npm 12 a map by package name.
  const [report] = Object.values(parsed) as [PackReport];
  return { files: report.files.map((file) => file.path).sort(), file: path.join(destination, report.filename) };
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

// Links to each module, and not to node_modules itself: lunward lies among them.
function link(target: string): void {
  mkdirSync(target, { recursive: true });
  const modules = path.join(root, 'node_modules');
  for (const name of readdirSync(modules).filter((entry) => entry !== '.bin' && entry !== 'lunward')) {
    if (existsSync(path.join(modules, name))) symlinkSync(path.join(modules, name), path.join(target, name));
  }
}
