import { readFileSync } from 'node:fs';
import path from 'node:path';
import { preProcessFile } from 'typescript';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../../tools/ci/source-files';

const root = path.join(__dirname, '../..');

type Versions = Readonly<Record<string, string>>;
interface Manifest {
  readonly workspaces?: readonly string[];
  readonly private?: boolean;
  readonly dependencies?: Versions;
  readonly peerDependencies?: Versions;
  readonly devDependencies?: Versions;
}

const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Manifest;
const product = read('package.json');
const lab = read('lab/package.json');
const ofLab = { ...lab.dependencies, ...lab.devDependencies };
const ofProduct = { ...product.dependencies, ...product.peerDependencies, ...product.devDependencies };

/** Packages that code in a folder imports. */
function imported(folder: string): Set<string> {
  const texts = sourceFiles(root, folder)
    .filter((file) => /\.(ts|js)$/.test(file))
    .map((file) => readFileSync(path.join(root, file), 'utf8'));
  const names = texts.flatMap((text) => preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName));
  const packages = names.filter((name) => !/^(\.|node:)/.test(name));
  return new Set(packages.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name));
}

describe('the workspace of the lab', () => {
  it('is installed with the product, and never published', () => {
    expect(product.workspaces).toEqual(['lab']);
    expect(lab.private).toBe(true);
  });

  it('has exact versions', () => {
    expect(Object.values(ofLab).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('has exactly the packages that only the lab imports', () => {
    expect(Object.keys(ofLab).filter((name) => name in ofProduct)).toEqual([]);
    const packages = Object.keys(ofLab).filter((name) => !name.startsWith('@types/'));
    expect(packages.filter((name) => !imported('lab').has(name))).toEqual([]);
    for (const folder of ['lib', 'test', 'bench', 'tools', 'stacks']) {
      expect([folder, packages.filter((name) => imported(folder).has(name))]).toEqual([folder, []]);
    }
  });

  it('imports only packages that it or the product declares', () => {
    const declared = [...Object.keys(ofLab), ...Object.keys(ofProduct), 'lunward'];
    expect([...imported('lab')].filter((name) => !declared.includes(name))).toEqual([]);
  });
});
