import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { node, type Packed, pack, write } from './packed';

const root = path.join(__dirname, '../..');
const tsc = require.resolve('typescript/bin/tsc');

let packed: Packed;
beforeAll(() => {
  packed = pack();
}, 300_000);
afterAll(() => packed?.remove());

describe('npm pack', () => {
  it('holds what is needed and nothing else', () => {
    const compiled = filesBelow('lib')
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => ['.js', '.d.ts'].map((ending) => file.replace(/^lib/, 'build').replace(/\.ts$/, ending)));
    const expected = [
      ...compiled,
      ...filesBelow('docs'),
      ...filesBelow('lib/scripts').filter((file) => file.endsWith('.sh')),
      'LICENSE',
      'README.md',
      'package.json',
      'stacks/cluster.ts',
      ...['Pulumi.yaml', 'cdk8s.yaml', 'cluster.ts', 'gitignore', 'program.js', 'tsconfig.json'].map(
        (name) => `templates/${name}`,
      ),
    ];
    expect(packed.files).toEqual(expected.sort());
  });

  it('holds every entry point that package.json names', () => {
    const { bin, exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Entries;
    const targets = [bin, ...Object.values(exports)].flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    expect(targets.filter((target) => !packed.files.includes(target.replace(/^\.\//, '')))).toEqual([]);
  });
});

describe('the packed package', () => {
  it('loads neither Pulumi nor other slow libraries for its constructs', () => {
    const code = `
      const { defineCluster, iscsi, jellyfin, MediaApp } = require('lunward');
      if (typeof MediaApp !== 'function') throw new Error('no MediaApp');
      console.log(JSON.stringify(Object.keys(require.cache)))`;
    const loaded = JSON.parse(node(['-e', code], packed.project)) as string[];
    const packages = new Set(
      loaded.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(file)?.[1]),
    );
    expect([...packages].sort()).toEqual(['cdk8s', 'constructs', 'fast-json-patch', 'lunward', 'yaml', 'zod']);
  });

  it('is imported by name from an ES module', () => {
    const file = write(
      packed.project,
      'module.mjs',
      "import { defineCluster, sonarr, IscsiStaticVolume, MediaApp } from 'lunward';\n" +
        'console.log([defineCluster, sonarr, IscsiStaticVolume, MediaApp].map((one) => typeof one).join());\n',
    );
    expect(node([file], packed.project)).toBe('function,function,function,function\n');
  });

  it('exports the Pulumi program as lunward/pulumi, in both module systems', () => {
    expect(node(['-p', "typeof require('lunward/pulumi').runStack"], packed.project)).toBe('function\n');
    const file = write(
      packed.project,
      'pulumi.mjs',
      "import { runStack, ClusterPart } from 'lunward/pulumi';\nconsole.log(typeof runStack, typeof ClusterPart);\n",
    );
    expect(node([file], packed.project)).toBe('function function\n');
  });

  it.each(['commonjs', 'module'])('has a command that makes a project, which synthesizes as %s', (type) => {
    const command = path.join(packed.project, 'node_modules/lunward/build/cli/main.js');
    expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    node([command, 'init', type], packed.project);
    const mine = path.join(packed.project, type);
    const manifest = JSON.parse(readFileSync(path.join(mine, 'package.json'), 'utf8')) as Record<string, unknown>;
    write(mine, 'package.json', JSON.stringify({ ...manifest, type }));
    node([command, 'synth'], mine);
    expect(readdirSync(path.join(mine, 'dist'))).toEqual(['jellyfin.k8s.yaml', 'shared.k8s.yaml']);
    // As Pulumi does where the nearest package.json says no `"type": "module"`.
    expect(node(['-p', "typeof require('./pulumi/program.js')"], mine)).toBe('function\n');
  });

  it('type-checks in a user’s project, in both module systems', () => {
    const mine = path.join(packed.project, 'module');
    for (const name of ['consumer.cts', 'consumer.mts']) write(mine, name, consumer);
    const config = JSON.parse(readFileSync(path.join(mine, 'tsconfig.json'), 'utf8')) as Record<string, unknown>;
    write(mine, 'tsconfig.json', JSON.stringify({ ...config, include: ['*.ts', '*.cts', '*.mts'] }));
    node([tsc, '--pretty', 'false'], mine);
  });
});

describe('lunward init', () => {
  const command = () => path.join(packed.project, 'node_modules/lunward/build/cli/main.js');
  const lunwardOf = (folder: string) =>
    JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).dependencies.lunward as string;
  const name = `lunward-${JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version}.tgz`;

  it('puts the tarball that it was installed from into the project, which installs it', () => {
    write(packed.project, 'package.json', JSON.stringify({ dependencies: { lunward: `file:${packed.tarball}` } }));
    node([command(), 'init', 'from-tarball'], packed.project);
    const folder = path.join(packed.project, 'from-tarball');
    expect(lunwardOf(folder)).toBe(`file:./${name}`);
    expect(readFileSync(path.join(folder, name))).toEqual(readFileSync(packed.tarball));
  });

  it('packs itself if its origin is unknown', () => {
    write(packed.project, 'package.json', '{}');
    node([command(), 'init', 'packed-again'], packed.project);
    const folder = path.join(packed.project, 'packed-again');
    expect(lunwardOf(folder)).toBe(`file:./${name}`);
    const files = execFileSync('tar', ['-tzf', path.join(folder, name)], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(files.map((file) => file.replace(/^package\//, '')).sort()).toEqual(packed.files);
  });

  it('refers to the registry version that it was installed as', () => {
    write(packed.project, 'package.json', '{ "dependencies": { "lunward": "^0.1.0" } }');
    node([command(), 'init', 'from-registry'], packed.project);
    expect(lunwardOf(path.join(packed.project, 'from-registry'))).toBe(name.replace(/^lunward-(.*)\.tgz$/, '$1'));
  });
});

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string; link?: boolean; optionalDependencies?: Record<string, string> }>;
  };

  it('records no address to download from', () => {
    expect(Object.values(lock.packages).filter(({ resolved }) => resolved)).toEqual([{ resolved: 'lab', link: true }]);
  });

  it('has the packages of every platform, which `npm ci` of npm 11 requires', () => {
    const names = Object.values(lock.packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    const locked = Object.keys(lock.packages).map((key) => key.slice(key.lastIndexOf('node_modules/') + 13));
    expect(names.filter((name) => !locked.includes(name))).toEqual([]);
  });
});

interface Entries {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const consumer = `
import { App, Chart } from 'cdk8s';
import { type Cluster, defineCluster, iscsi, IscsiStaticVolume, jellyfin, MediaApp, sonarr } from 'lunward';
import { ClusterPart, runStack } from 'lunward/pulumi';

const volume = { name: 'a', targetPortal: '192.0.2.200:3260', iqn: 'iqn.2000-01.com.example:a', lun: 1, size: '1Gi' };
export const cluster: Cluster = defineCluster({
  namespace: 'media',
  apps: { jellyfin: jellyfin({ image: 'example.com/jellyfin:1.0.0', config: iscsi(volume) }) },
});
const chart = new Chart(new App(), 'mine', { namespace: 'media' });
new IscsiStaticVolume(chart, 'volume', volume);
new MediaApp(chart, 'sonarr', sonarr({ image: 'example.com/sonarr:1.0.0', config: iscsi(volume) }));
// @ts-expect-error A LUN has a number.
iscsi({ ...volume, lun: 'one' });
// @ts-expect-error A catalog app has a config volume.
sonarr({ image: 'example.com/sonarr:1.0.0' });
export default runStack('cluster.ts');
export const part: typeof ClusterPart = ClusterPart;
`;

function filesBelow(folder: string): string[] {
  return existsSync(path.join(root, folder))
    ? readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    : [];
}
