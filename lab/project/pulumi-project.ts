import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { ControlPlane } from '../control-plane/control-plane';
import type { Engine } from '../engine/engine';

const checkout = path.join(__dirname, '..', '..');

/** How a run of `pulumi` ended. */
export interface PulumiRun {
  readonly code: number;
  /** Its output on both streams. */
  readonly output: string;
}

/** A user's project folder with a Pulumi state of its own, applied to a control plane by the real engine. */
export class PulumiProject {
  private constructor(
    readonly folder: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Creates a project in a temporary folder, with its own kubeconfig for the context of its description. */
  static create(
    engine: Engine,
    controlPlane: Pick<ControlPlane, 'kubeconfig'>,
    files: Readonly<Record<string, string>>,
    context = 'home',
  ): PulumiProject {
    const folder = mkdtempSync(path.join(tmpdir(), 'lunward-project-'));
    const kubeconfig = path.join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, withContext(readFileSync(controlPlane.kubeconfig, 'utf8'), context), { mode: 0o600 });
    linkPackages(folder);
    mkdirSync(path.join(folder, 'tmp'));
    const project = new PulumiProject(folder, {
      ...process.env,
      ...engine.environment(path.join(folder, 'state')),
      KUBECONFIG: kubeconfig,
      // The Kubernetes provider leaves files behind when it is ended; here they are removed with the project.
      TMPDIR: path.join(folder, 'tmp'),
      NO_COLOR: '1',
    });
    project.write({ 'package.json': packageJson, 'Pulumi.yaml': pulumiYaml, 'pulumi.js': programSource, ...files });
    return project;
  }

  /** Writes files of the project, as an editor would. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(path.join(this.folder, name), content);
    }
  }

  /** Runs `pulumi` in the project. @throws Error with its whole output if it fails */
  async pulumi(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.tryPulumi(...args);
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(' ')} ended with ${code}:\n${output}`);
    }
    return output;
  }

  /** Runs `pulumi`, which may fail. */
  tryPulumi(...args: readonly string[]): Promise<PulumiRun> {
    return this.run('pulumi', args);
  }

  /** Runs any program in the project. */
  run(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<PulumiRun> {
    return new Promise((resolve) => {
      const options = { cwd: this.folder, env: { ...this.environment, ...environment }, maxBuffer: 64 * 1024 * 1024 };
      execFile(program, [...args], options, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
        resolve({ code, output: `${stdout}${stderr}` });
      });
    });
  }

  /** Runs the built command in the project. @param ssh a folder for the PATH, with the `ssh` that knows the machines */
  lunward(ssh: string, ...args: readonly string[]): Promise<PulumiRun> {
    const cli = path.join(checkout, 'build', 'cli', 'main.js');
    return this.run(process.execPath, [cli, ...args], { PATH: `${ssh}:${this.environment.PATH}` });
  }

  /** Creates a stack and applies it. */
  async initAndUp(stack: string): Promise<string> {
    await this.pulumi('stack', 'init', stack);
    return this.up(stack);
  }

  /** Applies a stack. */
  up(stack: string): Promise<string> {
    return this.pulumi('up', '--yes', '--skip-preview', '--stack', stack);
  }

  /** The stored state of a stack. */
  exportState(stack: string): Promise<string> {
    return this.pulumi('stack', 'export', '--stack', stack);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

// Without this file, a package.json in a parent folder would count as the project's.
const packageJson = '{ "name": "home-media", "private": true }\n';

const pulumiYaml = `name: home-media
runtime:
  name: nodejs
  options:
    typescript: false
main: pulumi.js
`;

// biome-ignore lint/suspicious/noTemplateCurlyInString: the project's own source
const programSource = "module.exports = require('lunward/pulumi').runStack(`${__dirname}/cluster.ts`);\n";

// The result of `npm install` with the packed package; the lab's test of the tarball does exactly that.
function linkPackages(folder: string): void {
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(checkout, path.join(modules, 'lunward'));
  for (const name of ['@pulumi', 'cdk8s', 'constructs']) {
    symlinkSync(path.join(checkout, 'node_modules', name), path.join(modules, name));
  }
}

function withContext(kubeconfig: string, name: string): string {
  const config = parse(kubeconfig) as { contexts: { name: string }[]; 'current-context': string };
  return stringify({
    ...config,
    contexts: config.contexts.map((context) => ({ ...context, name })),
    'current-context': name,
  });
}
