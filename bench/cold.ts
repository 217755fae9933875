import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compare, worker } from './compare';
import { oneApp } from './one-app';
import { print } from './print';

const root = path.join(__dirname, '..');

/** The command on one app from a cold process, compared with a process that only loads the same libraries. */
export function benchCold(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'lunward-bench-'));
  try {
    const file = path.join(folder, 'cluster.ts');
    writeFileSync(file, oneApp);
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(root, path.join(folder, 'node_modules/lunward'));
    // The same text without the library, which the floor must not load.
    const plain = path.join(folder, 'plain.ts');
    writeFileSync(
      plain,
      oneApp.replace(/^import .*$/m, 'const [defineCluster, iscsi, sonarr] = [Object, Object, Object];'),
    );
    const command = [process.execPath, path.join(root, 'build/cli/main.js'), 'synth', '--file', file];
    const ours = { command: [...command, '--output', path.join(folder, 'dist')] };
    print(
      '`lunward synth` of one app, against loading commander, jiti, zod, cdk8s and yaml and transpiling the same file',
      compare({ ours, floor: worker('cold-floor', plain) }, 15),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
