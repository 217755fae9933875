import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Engine } from '../../engine/engine';
import { run } from '../../engine/run';

const PACKAGES = resolve(__dirname, '../../../node_modules');

export interface Result {
  readonly code: number | string;
  /** Its output on both streams. */
  readonly output: string;
}

/** A Pulumi program with its own stack and state, in a temporary folder. */
export class PulumiProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'lunward-pulumi-'));
  private readonly env: NodeJS.ProcessEnv;

  private constructor(engine: Engine) {
    this.env = { ...process.env, ...engine.environment(join(this.folder, 'home')), SSH_AUTH_SOCK: '' };
  }

  static async create(engine: Engine, options: Record<string, unknown> = {}): Promise<PulumiProject> {
    const project = new PulumiProject(engine);
    const runtime = { name: 'nodejs', options: { typescript: false, ...options } };
    project.write('Pulumi.yaml', JSON.stringify({ name: 'contract', runtime }));
    project.write('package.json', JSON.stringify({ name: 'contract', main: 'index.js' }));
    symlinkSync(PACKAGES, join(project.folder, 'node_modules'));
    await project.succeed('stack', 'init', 'dev');
    return project;
  }

  write(name: string, content: string): string {
    const path = join(this.folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Writes a program whose body can use `pulumi`, `local` and `remote`. */
  program(body: string): void {
    this.write(
      'index.js',
      `const pulumi = require('@pulumi/pulumi');\nconst { local, remote } = require('@pulumi/command');\n${body}\n`,
    );
  }

  async pulumi(...args: string[]): Promise<Result> {
    const { code, stdout, stderr } = await run('pulumi', [...args, '--non-interactive', '--color', 'never'], {
      cwd: this.folder,
      env: this.env,
      timeoutSeconds: 300,
    });
    return { code, output: stdout + stderr };
  }

  async succeed(...args: string[]): Promise<string> {
    const { code, output } = await this.pulumi(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  async fail(...args: string[]): Promise<string> {
    const { code, output } = await this.pulumi(...args);
    if (code === 0) throw new Error(`pulumi ${args.join(' ')} was expected to fail:\n${output}`);
    return output;
  }

  up(): Promise<string> {
    return this.succeed('up', '--yes', '--skip-preview');
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.succeed('stack', 'output', '--json', '--show-secrets')) as Record<string, unknown>;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
