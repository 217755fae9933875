import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commandFile } from '../transpiled';

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

/** Runs the `lunward` command as these sources have it. */
export function lunward(args: readonly string[], cwd: string): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandFile(), ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}
