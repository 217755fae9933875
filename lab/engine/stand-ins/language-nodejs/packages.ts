import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DependencyInfo } from '@pulumi/pulumi/proto/language_pb.js';
import { PackageDependency } from '@pulumi/pulumi/proto/plugin_pb.js';

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly pulumi?: { resource?: boolean; name?: string; version?: string; server?: string };
}

/** Packages that say in their manifest that a provider plugin belongs to them. */
export function providerPackages(folder: string): PackageDependency[] {
  return manifests(folder).flatMap((manifest) => {
    const { pulumi, name = '' } = manifest;
    if (!pulumi?.resource) return [];
    const dependency = new PackageDependency();
    dependency.setKind('resource');
    dependency.setName(pulumi.name ?? name.replace(/^@pulumi\//, '').replace(/^@/, ''));
    dependency.setVersion(`v${(pulumi.version ?? manifest.version ?? '').replace(/^v/, '')}`);
    dependency.setServer(pulumi.server ?? '');
    return [dependency];
  });
}

export function installedPackages(folder: string, transitive: boolean): DependencyInfo[] {
  const own = read(join(folder, 'package.json'));
  const direct = new Set(Object.keys({ ...own?.dependencies, ...own?.devDependencies }));
  return manifests(folder)
    .filter((manifest) => transitive || direct.has(manifest.name ?? ''))
    .map((manifest) => {
      const dependency = new DependencyInfo();
      dependency.setName(manifest.name ?? '');
      dependency.setVersion(manifest.version ?? '');
      return dependency;
    });
}

/** Manifests of the nearest folder of packages at or above the program, where Node would look first. */
function manifests(folder: string): Manifest[] {
  const packages = nearestPackages(resolve(folder));
  if (packages === undefined) return [];
  return readdirSync(packages)
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(packages, name)).map((inner) => join(name, inner)) : [name],
    )
    .flatMap((name) => read(join(packages, name, 'package.json')) ?? []);
}

function nearestPackages(folder: string): string | undefined {
  const candidate = join(folder, 'node_modules');
  if (existsSync(join(candidate, '@pulumi', 'pulumi'))) return candidate;
  return dirname(folder) === folder ? undefined : nearestPackages(dirname(folder));
}

function read(path: string): Manifest | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : undefined;
}
