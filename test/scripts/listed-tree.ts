import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Owner, runLibraries } from './run-libraries';

/** A tree that a test makes, and that libraries of the scripts list and look at. */
export class ListedTree {
  readonly folder = mkdtempSync(join(tmpdir(), 'lunward-tree-'));
  readonly lists = join(this.folder, 'lists');
  private readonly root = join(this.folder, 'tree');
  private readonly libraries: readonly string[];

  /** @param libraries by name, without their ending, besides those that list it */
  constructor(...libraries: readonly string[]) {
    this.libraries = ['undo', 'report', 'tree', ...libraries];
    for (const folder of [this.root, this.lists]) mkdirSync(folder);
  }

  path(name: string): string {
    return join(this.root, name);
  }

  write(name: string | Buffer, content: string | Buffer = ''): void {
    writeFileSync(Buffer.concat([Buffer.from(`${this.root}/`), Buffer.from(name)]), content);
  }

  /** Lists the tree and runs a body on it, by default as whoever runs the tests. */
  run(body: string, owner: Owner = {}): string {
    const lines = [`tree=${this.root} lists=${this.lists}`, 'scan_tree "$tree" "$lists" 60', body];
    return runLibraries(this.libraries, lines, { parameters: { checks: 'no' }, ...owner }).trimEnd();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
