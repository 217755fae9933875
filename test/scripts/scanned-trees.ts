import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLibraries } from './run-libraries';

const LIBRARIES = ['undo', 'report', 'tree', 'children', 'hashes', 'scan', 'databases', 'vouch', 'manifest'];

/** Folders in the place of a source and of a volume, and the functions of scripts that scan them. */
export class ScannedTrees {
  readonly folder = mkdtempSync(join(tmpdir(), 'lunward-scan-'));

  constructor() {
    for (const name of ['source', 'target', 'target/.lunward', 'lists']) mkdirSync(join(this.folder, name));
  }

  path(name: string, side: 'source' | 'target' = 'source'): string {
    return join(this.folder, side, name);
  }

  write(name: string, content: string | Buffer = '', side: 'source' | 'target' = 'source'): void {
    writeFileSync(this.path(name, side), content);
  }

  run(body: string, libraries: readonly string[] = []): string {
    const lines = [
      `source=${this.folder}/source target=${this.folder}/target lists=${this.folder}/lists private=${this.folder}`,
      'attempt=1 volume=config-2 uuid=6f1a',
      body,
    ];
    return runLibraries([...LIBRARIES, ...libraries], lines, { encoding: 'latin1' });
  }

  copy(): void {
    this.run('cp --archive "$source/." "$target/"');
  }

  digest(): string {
    return this.run('scan_whole "$source" "$lists/scan"; scan_digest "$lists/scan"');
  }

  /** Paths that a body prints, each ended by NUL. */
  paths(body: string, libraries: readonly string[] = []): string[] {
    return this.run(body, libraries).split('\0').slice(0, -1);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
