import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A file that `lunward init` writes. */
export interface ProjectFile {
  readonly name: string;
  readonly purpose: string;
  readonly content: string;
}

interface Package {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

// From lib/cli and from build/cli alike.
const root = path.join(__dirname, '../..');

/** The files of a new project, as they are for this folder and this version of lunward. */
export function projectFiles(folder: string): ProjectFile[] {
  const name = projectName(folder);
  return [
    { name: 'cluster.ts', purpose: 'your cluster: the file to edit', content: template('cluster.ts') },
    {
      name: 'package.json',
      purpose: 'what to install, and `npm run synth`, `npm run check`',
      content: packageJson(name),
    },
    { name: 'tsconfig.json', purpose: 'how the description is type-checked', content: template('tsconfig.json') },
    { name: 'cdk8s.yaml', purpose: 'what `cdk8s synth` runs, and where it writes', content: template('cdk8s.yaml') },
    {
      name: 'Pulumi.yaml',
      purpose: 'the Pulumi project',
      content: template('Pulumi.yaml').replace('PROJECT_NAME', name),
    },
    { name: 'pulumi.js', purpose: 'its program, which reads cluster.ts', content: template('pulumi.js') },
    // Packages can't hold a file of that name: npm would take it for its own.
    { name: '.gitignore', purpose: 'what stays out of Git', content: template('gitignore') },
  ];
}

function template(name: string): string {
  return readFileSync(path.join(root, 'templates', name), 'utf8');
}

function packageJson(name: string): string {
  const lunward = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Package;
  const exact = (names: readonly string[]) =>
    Object.fromEntries(names.map((one) => [one, lunward.devDependencies[one]]));
  return `${JSON.stringify(
    {
      name,
      private: true,
      // Not `cdk8s synth`, which first deletes the whole output folder, whoever wrote what is in it.
      scripts: { check: 'tsc', synth: 'lunward synth' },
      // The versions that this lunward was tested with; its peer ranges say what else works.
      dependencies: { ...exact(Object.keys(lunward.peerDependencies)), lunward: lunward.version },
      devDependencies: exact(['cdk8s-cli', 'typescript']),
    },
    undefined,
    2,
  )}\n`;
}

/** A name that npm and Pulumi both take, after the folder's. */
export function projectName(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 100);
  // A project of the name "lunward" could not depend on the package.
  return name === '' ? 'media' : name === 'lunward' ? 'lunward-cluster' : name;
}
