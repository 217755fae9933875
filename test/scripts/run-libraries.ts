import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const folder = join(__dirname, '../../lib/scripts');

/** Who runs it, by default whoever runs the tests. */
export interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

export interface RunLibrariesOptions extends Owner {
  readonly encoding?: BufferEncoding;
  /** That libraries ask for when they are read. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Runs lines of bash behind libraries of the scripts, which are named without their ending, and returns what was printed.
 * Anything but success without a complaint fails the test.
 */
export function runLibraries(
  names: readonly string[],
  lines: readonly string[],
  { encoding = 'utf8', parameters = {}, ...owner }: RunLibrariesOptions = {},
): string {
  const libraries = names.map((name) => readFileSync(join(folder, 'bash', `${name}.sh`), 'utf8'));
  const text = ['set -euo pipefail; export LC_ALL=C', ...libraries, ...lines].join('\n');
  // A bash that takes its input for a connection would read ~/.bashrc first.
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', text], {
    encoding,
    // Some source another.
    cwd: folder,
    env: { ...process.env, ...parameters },
    ...owner,
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}
