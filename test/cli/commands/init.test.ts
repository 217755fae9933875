import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { init } from '../../../lib/cli/commands/init';
import { projectFiles, projectName } from '../../../lib/cli/project-files';
import { synthesizeCluster } from '../../../lib/constructs/cluster-charts';
import cluster from '../../../templates/cluster';
import { lunward, projectPackage } from '../command';
import { resultIn } from '../result-in';

const names = [
  '.gitignore',
  'Pulumi.yaml',
  'cdk8s.yaml',
  'cluster.ts',
  'package.json',
  'pnpm-workspace.yaml',
  'pulumi/package.json',
  'pulumi/program.js',
  'tsconfig.json',
];

let parent: string;
let folder: string;
let said: string;
beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), 'lunward-init-'));
  folder = path.join(parent, 'Home Media');
  mkdirSync(folder);
  said = '';
  vi.spyOn(console, 'log').mockImplementation((text: string) => {
    said += `${text}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(parent, { recursive: true });
});

const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const filesIn = (where = folder) =>
  readdirSync(where, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(where, path.join(entry.parentPath, entry.name)))
    .sort();
const contents = () => Object.fromEntries(filesIn().map((name) => [name, read(name)]));

describe('lunward init', () => {
  it('prints as JSON what it wrote, and an empty list the second time', () => {
    const printed = () => {
      said = '';
      init(folder, { json: true });
      return resultIn(said);
    };
    expect(printed()).toEqual({ folder, result: 'changed', written: expect.arrayContaining(names) });
    expect(printed()).toEqual({ folder, result: 'unchanged', written: [] });
  });

  it('writes a project into an empty folder, and says what comes next', () => {
    init(folder);
    expect(filesIn()).toEqual(names);
    for (const name of names) expect(said).toContain(`  ${name} `);
    const steps = ['cd ', 'npm install', 'edit cluster.ts', 'to dist/', 'stack init jellyfin', 'up -s jellyfin'];
    expect(steps.map((step) => said.indexOf(step)).every((at, index, all) => at > (all[index - 1] ?? 0))).toBe(true);
  });

  it('creates the folder', () => {
    init(path.join(folder, 'a/b'));
    expect(filesIn(path.join(folder, 'a/b'))).toEqual(names);
  });

  it('copies the package into the project if no registry has it', () => {
    const tarball = path.join(parent, 'lunward-from-elsewhere.tgz');
    writeFileSync(tarball, 'packed');
    const files = projectFiles(folder, { kind: 'tarball', file: tarball });
    const name = `lunward-${projectPackage.version}.tgz`;
    expect(files).toContainEqual(expect.objectContaining({ name, content: Buffer.from('packed') }));
    const { dependencies } = JSON.parse(String(files.find((file) => file.name === 'package.json')?.content));
    expect(dependencies.lunward).toBe(`file:./${name}`);
  });

  it('has one copy of Pulumi, with every package manager', () => {
    init(folder);
    const { dependencies, resolutions } = JSON.parse(read('package.json'));
    expect(resolutions).toEqual({ '@pulumi/pulumi': dependencies['@pulumi/pulumi'] });
  });

  // `pnpm install` fails if a package has an install script that is neither allowed nor forbidden.
  it('decides for pnpm about every install script of what it installs', () => {
    init(folder);
    const lock = readFileSync(path.join(__dirname, '../../../package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lock) as { packages: Record<string, { hasInstallScript?: boolean }> };
    const withScript = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = withScript.map(([place]) => place.replace(/^.*node_modules\//, ''));
    const ofTheLab = ['cpu-features', 'ssh2'];
    const { packages: members, allowBuilds } = parse(read('pnpm-workspace.yaml'));
    expect(Object.keys(allowBuilds).sort()).toEqual(names.filter((name) => !ofTheLab.includes(name)).sort());
    // pnpm 9 refuses a workspace that names none.
    expect(members).toEqual(['.']);
  });

  it('depends on this version, and on the peer versions it was tested with', () => {
    init(folder);
    const { name, scripts, dependencies, devDependencies } = JSON.parse(read('package.json'));
    // cdk8s would delete the folder first, with what others have in it.
    expect(scripts.synth).toBe('lunward synth');
    expect(name).toBe('home-media');
    expect(dependencies.lunward).toBe(projectPackage.version);
    expect(Object.keys(dependencies).sort()).toEqual([...Object.keys(projectPackage.peerDependencies), 'lunward']);
    expect(dependencies).toMatchObject({ '@pulumi/pulumi': projectPackage.devDependencies['@pulumi/pulumi'] });
    expect(devDependencies).toEqual({
      'cdk8s-cli': projectPackage.devDependencies['cdk8s-cli'],
      typescript: projectPackage.devDependencies.typescript,
    });
  });

  it('makes a Pulumi project without a build step, named after the folder', () => {
    init(folder);
    expect(parse(read('Pulumi.yaml'))).toMatchObject({
      name: 'home-media',
      main: 'pulumi/program.js',
      runtime: { name: 'nodejs', options: { typescript: false } },
    });
    expect(parse(read('cdk8s.yaml'))).toMatchObject({ app: expect.stringContaining('lunward synth'), output: 'dist' });
  });

  it('describes a cluster that synthesizes without a warning', () => {
    const { manifests, warnings } = synthesizeCluster(cluster);
    expect(warnings).toEqual([]);
    expect(Object.keys(manifests)).toEqual(['jellyfin', 'shared']);
  });

  it('accepts a folder with .git and unrelated files', () => {
    mkdirSync(path.join(folder, '.git'));
    writeFileSync(path.join(folder, 'README.md'), 'mine');
    init(folder);
    expect(read('README.md')).toBe('mine');
    expect(filesIn()).toHaveLength(names.length + 1);
  });

  it('refuses a folder with conflicting files, names each, and changes nothing', () => {
    writeFileSync(path.join(folder, 'package.json'), '{}');
    mkdirSync(path.join(folder, 'cluster.ts'));
    const { code, stderr } = lunward(['init', folder], parent);
    expect(code).toBe(3);
    expect(stderr).toContain('nothing was changed:\n  cluster.ts ');
    expect(stderr).toContain('\n  package.json ');
    expect(stderr).not.toContain('tsconfig.json');
    expect(stderr).not.toContain('    at ');
    expect(readdirSync(folder).sort()).toEqual(['cluster.ts', 'package.json']);
    expect(read('package.json')).toBe('{}');
  });

  it('lists the existing files if it ran before, and changes nothing', () => {
    init(folder);
    writeFileSync(path.join(folder, 'cluster.ts'), '// mine');
    const before = contents();
    said = '';
    init(folder);
    expect(contents()).toEqual(before);
    expect(said).toContain('nothing was changed');
    for (const name of names) expect(said).toContain(`  ${name} `);
  });

  it('completes an interrupted run', () => {
    init(folder);
    const whole = contents();
    unlinkSync(path.join(folder, 'pulumi/program.js'));
    unlinkSync(path.join(folder, '.gitignore'));
    init(folder);
    expect(contents()).toEqual(whole);
  });

  it('refuses a file in place of a folder', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    expect(() => init(file)).toThrow(expect.objectContaining({ code: 'file-unusable' }));
  });
});

describe('projectName', () => {
  it.each([
    ['/home/me/media', 'media'],
    ['/home/me/My Häuschen 2', 'my-h-uschen-2'],
    ['/home/me/2-cluster.', 'cluster'],
    ['/', 'media'],
    ['/home/me/lunward', 'lunward-cluster'],
  ])('of %s is %s', (where, name) => {
    expect(projectName(where)).toBe(name);
  });
});
