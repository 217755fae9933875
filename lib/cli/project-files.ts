import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Origin, originOf, packed } from './own-package';

/** A file that `lunward init` writes. */
export interface ProjectFile {
  readonly name: string;
  readonly purpose: string;
  readonly content: string | Buffer;
}

interface Package {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

// From lib/cli and from build/cli alike.
const root = path.join(__dirname, '../..');

/**
 * The files of a new project, as they are for this folder and this version of lunward.
 *
 * @param origin Of lunward. A file that it was installed from goes into the project, so that it installs from Git on any machine.
 */
export function projectFiles(folder: string, origin: Origin = ownOrigin()): ProjectFile[] {
  const name = projectName(folder);
  const lunward = ownPackage();
  const tarball = `lunward-${lunward.version}.tgz`;
  const installed: ProjectFile[] =
    origin.kind === 'network'
      ? []
      : [{ name: tarball, purpose: 'this version of Lunward, which package.json installs', content: packed(origin) }];
  return [
    ...installed,
    { name: 'cluster.ts', purpose: 'your cluster: the file to edit', content: template('cluster.ts') },
    {
      name: 'package.json',
      purpose: 'what to install, and `npm run synth`, `npm run check`',
      content: packageJson(name, lunward, origin.kind === 'network' ? origin.spec : `file:./${tarball}`),
    },
    { name: 'tsconfig.json', purpose: 'how the description is type-checked', content: template('tsconfig.json') },
    { name: 'cdk8s.yaml', purpose: 'what `cdk8s synth` runs, and where it writes', content: template('cdk8s.yaml') },
    {
      name: 'Pulumi.yaml',
      purpose: 'the Pulumi project',
      content: template('Pulumi.yaml').replace('PROJECT_NAME', name),
    },
    { name: 'pulumi/program.js', purpose: 'its program, which reads cluster.ts', content: template('program.js') },
    // The program is CommonJS, also where the project's own package.json comes to say `"type": "module"`.
    { name: 'pulumi/package.json', purpose: 'how Node loads it', content: '{ "private": true, "type": "commonjs" }\n' },
    // Packages can't hold a file of that name: npm would take it for its own.
    { name: '.gitignore', purpose: 'what stays out of Git', content: template('gitignore') },
  ];
}

function template(name: string): string {
  return readFileSync(path.join(root, 'templates', name), 'utf8');
}

// Of its source, which is run only where it is developed, there is nothing compiled to bring along.
function ownOrigin(): Origin {
  return path.basename(path.dirname(__dirname)) === 'lib'
    ? { kind: 'network', spec: ownPackage().version }
    : originOf(root, process.argv[1]);
}

function ownPackage(): Package {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Package;
}

function packageJson(name: string, lunward: Package, spec: string): string {
  const exact = (names: readonly string[]) =>
    Object.fromEntries(names.map((one) => [one, lunward.devDependencies[one]]));
  return `${JSON.stringify(
    {
      name,
      private: true,
      // Not `cdk8s synth`, which first deletes the whole output folder, including files that are not its own.
      scripts: { check: 'tsc', synth: 'lunward synth' },
      // The versions that this lunward was tested with; its peer ranges say what else works.
      dependencies: { ...exact(Object.keys(lunward.peerDependencies)), lunward: spec },
      devDependencies: exact(['cdk8s-cli', 'typescript']),
      // npm and pnpm install one copy automatically; Yarn would add the newest for @pulumi/command, which needs another Node.
      resolutions: exact(['@pulumi/pulumi']),
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
