import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

const scripts = join(__dirname, '../../lib/shell/scripts/lib');

/** A tree that a test makes, and that libraries of the scripts list and look at. */
export class ListedTree {
  readonly folder = mkdtempSync(join(tmpdir(), 'lunward-tree-'));
  readonly lists = join(this.folder, 'lists');
  private readonly root = join(this.folder, 'tree');
  private readonly libraries: readonly string[];

  /** @param libraries by name, without their ending, besides those that list it */
  constructor(...libraries: readonly string[]) {
    this.libraries = ['undo', 'report', 'tree', ...libraries].map((name) =>
      readFileSync(join(scripts, `${name}.sh`), 'utf8'),
    );
    for (const folder of [this.root, this.lists]) mkdirSync(folder);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string | Buffer, content: string | Buffer = ''): void {
    writeFileSync(Buffer.concat([Buffer.from(`${this.root}/`), Buffer.from(name)]), content);
  }

  /** Lists the tree and runs a body on it, by default as whoever runs the tests. */
  run(body: string, owner: { readonly uid?: number; readonly gid?: number } = {}): string {
    const text = [
      'set -euo pipefail; export LC_ALL=C',
      'checks=no',
      ...this.libraries,
      `tree=${this.root} lists=${this.lists}`,
      'scan_tree "$tree" "$lists" 60',
      body,
    ].join('\n');
    // A bash that takes its input for a connection would read ~/.bashrc first.
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', text], { encoding: 'utf8', ...owner });
    expect([status, stderr]).toEqual([0, '']);
    return stdout.trimEnd();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
