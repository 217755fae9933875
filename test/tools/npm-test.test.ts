import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.join(__dirname, '../..');
/** Says how it was called, and fails with 3 where it is the one that shall. */
const standIn = '#!/bin/sh\necho "$(basename "$0") $*"\n[ "$(basename "$0")" != "$FAILS" ] || exit 3\n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-npm-test-'));
  for (const name of ['biome', 'tsc', 'depcruise', 'vitest']) {
    writeFileSync(path.join(folder, name), standIn, { mode: 0o755 });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(script: string, fails: string) {
  const { status, stdout } = spawnSync('bash', [path.join(root, 'tools', script), '--reporter=dot'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder, FAILS: fails },
  });
  return { status, ran: stdout.split('\n').map((line) => line.split(' ')[0]), stdout };
}

describe.each([
  ['check.sh', ['biome', 'tsc', 'depcruise']],
  ['test.sh', ['vitest', 'biome', 'tsc', 'depcruise']],
] as const)('%s', (script, programs) => {
  it('runs everything, and prints it in one order', () => {
    const { status, ran } = run(script, '');
    expect([status, ran]).toEqual([0, [...programs, '']]);
  });

  it.each(programs)('fails where %s fails, after all of it', (program) => {
    const { status, ran } = run(script, program);
    expect([status, ran]).toEqual([3, [...programs, '']]);
  });

  it('leaves nothing in the temporary folder', () => {
    run(script, 'tsc');
    expect(readdirSync(folder).sort()).toEqual(['biome', 'depcruise', 'tsc', 'vitest']);
  });
});

it('passes arguments of npm test to Vitest', () => {
  expect(run('test.sh', '').stdout).toMatch(/^vitest run --reporter=dot$/m);
});
