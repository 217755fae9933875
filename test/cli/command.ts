import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');

/** The package.json of the project. */
export const projectPackage = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `lunward` command from its source, transpiled as it loads. */
export function lunward(args: readonly string[], cwd: string): CommandResult {
  const jiti = path.join(root, 'node_modules/jiti/lib/jiti-cli.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [jiti, path.join(root, 'lib/cli/main.ts'), ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}
