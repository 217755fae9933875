import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(__dirname, '../..');
const execute = promisify(execFile);
/** Where `CI` is set, Yarn 4 refuses an install that makes a lock file (YN0028), and a new project has none yet. */
const environment = { ...process.env, YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' };

/** A user's way from the tarball to the manifests with the real npm; `npm test` does the same with links. */
describe('the tarball, installed', () => {
  let folder: string;
  let tarball: string;
  let project: string;
  const run = async (cwd: string, command: string, ...args: string[]) => {
    const { stdout } = await execute(command, args, { cwd, env: environment, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'lunward-tarball-'));
    tarball = await pack(folder);
    project = path.join(folder, 'home-media');
    mkdirSync(path.join(folder, 'first'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const pack = async (destination: string) => {
    const stage = path.join(destination, 'stage');
    for (const name of readdirSync(root).filter(
      (entry) => !['node_modules', '.git', 'build', 'dist'].includes(entry),
    )) {
      cpSync(path.join(root, name), path.join(stage, name), { recursive: true });
    }
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const types = ['--typeRoots', path.join(root, 'node_modules/@types')];
    await run(
      root,
      process.execPath,
      tsc,
      '-p',
      'tsconfig.build.json',
      '--outDir',
      path.join(stage, 'build'),
      ...types,
    );
    await run(stage, 'npm', 'pack', '--ignore-scripts', '--pack-destination', destination);
    const name = readdirSync(destination).find((entry) => entry.endsWith('.tgz'));
    return path.join(destination, String(name));
  };

  it('installs into an empty folder with one copy of what must be one', async () => {
    const first = path.join(folder, 'first');
    writeFileSync(path.join(first, 'package.json'), '{ "private": true }');
    await run(first, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', tarball);
    const lock = JSON.parse(readFileSync(path.join(first, 'package-lock.json'), 'utf8')) as { packages: object };
    for (const name of ['cdk8s', 'constructs', '@pulumi/pulumi', '@pulumi/kubernetes']) {
      const copies = Object.keys(lock.packages).filter((key) => key.endsWith(`node_modules/${name}`));
      expect(copies, name).toEqual([`node_modules/${name}`]);
    }
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await run(first, 'npx', '--no', '--', 'lunward', '--version')).toBe(`${version}\n`);
    // The newest versions that the peer ranges allow, not those of this checkout.
    const loads = "require('lunward'); require('lunward/pulumi').runStack";
    expect(await run(first, process.execPath, '-p', `typeof (${loads.replace('; ', ', ')})`)).toBe('function\n');
  });

  it('makes a project that installs, type-checks and synthesizes', async () => {
    await run(path.join(folder, 'first'), 'npx', '--no', '--', 'lunward', 'init', project);
    await run(project, 'npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund');
    writeFileSync(
      path.join(project, 'program.ts'),
      "import { ClusterPart, runStack } from 'lunward/pulumi';\nexport default [ClusterPart, runStack('cluster.ts')];\n",
    );
    await run(project, 'npm', 'run', 'check');
    await run(project, 'npx', '--no', '--', 'cdk8s', 'synth');
    expect(readdirSync(path.join(project, 'dist')).sort()).toEqual(['jellyfin.k8s.yaml', 'shared.k8s.yaml']);
    const command = path.join(project, 'node_modules/.bin/lunward');
    expect(existsSync(command)).toBe(true);
    expect(await run(project, command, 'init')).toContain('nothing was changed');
  });

  // What a user types first, on a machine that has nothing of Lunward.
  it('is run by npx, and by its name once it is installed globally', async () => {
    const ways = path.join(folder, 'ways');
    mkdirSync(ways);
    await run(ways, 'npx', '--yes', `--package=${tarball}`, '--', 'lunward', 'init', 'by-npx');
    const prefix = path.join(folder, 'global');
    await run(ways, 'npm', 'install', '--global', '--prefix', prefix, '--ignore-scripts', '--no-audit', tarball);
    await run(ways, path.join(prefix, 'bin/lunward'), 'init', 'by-name');
    for (const made of ['by-npx', 'by-name']) {
      const files = readdirSync(path.join(ways, made));
      expect(files.filter((name) => name.endsWith('.tgz'))).toEqual([path.basename(tarball)]);
    }
  });

  const packageManagers: [name: string, start: string[]][] = [
    ['pnpm 9', ['--package=pnpm@9', '--', 'pnpm']],
    ['pnpm 12', ['--package=pnpm@12', '--', 'pnpm']],
    ['Yarn 1', ['--package=yarn@1', '--', 'yarn']],
    ['Yarn 4', ['--package=@yarnpkg/cli-dist@4', '--', 'yarn']],
  ];
  it.each(packageManagers)('makes a project that %s installs, which may be an ES module', async (name, start) => {
    const made = path.join(folder, name.replace(' ', '-').toLowerCase());
    await run(path.join(folder, 'first'), 'npx', '--no', '--', 'lunward', 'init', made);
    const file = path.join(made, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...manifest, type: 'module' }));
    await run(made, 'npx', '--yes', ...start, 'install');
    for (const script of ['check', 'synth']) await run(made, 'npx', '--yes', ...start, 'run', script);
    expect(readdirSync(path.join(made, 'dist')).sort()).toEqual(['jellyfin.k8s.yaml', 'shared.k8s.yaml']);
  });

  it.each([
    ['node16', {}],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ])('has declarations without a fault, as %s resolves them', async (name, options) => {
    const config = { extends: './tsconfig.json', compilerOptions: { ...options, noEmit: true, skipLibCheck: false } };
    writeFileSync(path.join(project, `tsconfig.${name}.json`), JSON.stringify(config));
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const checked = run(project, process.execPath, tsc, '--pretty', 'false', '-p', `tsconfig.${name}.json`);
    const output = await checked.catch((error: { stdout: string }) => error.stdout);
    // With every declaration checked, those of other packages have errors of their own.
    const errors = output.split('\n').filter((line) => line.includes('error TS'));
    expect(errors.filter((line) => !/node_modules\/(?!lunward\/)/.test(line))).toEqual([]);
  });
});
