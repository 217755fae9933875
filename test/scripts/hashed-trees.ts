import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Owner, runLibraries } from './run-libraries';

const LIBRARIES = ['undo', 'report', 'tree', 'children', 'hashes'];

/** A record of a manifest; a name is of latin1, a byte a character. */
export interface ManifestRecord {
  readonly hash: string;
  readonly size: string;
  readonly targetCtime: string;
}

/** Folders in the place of a source and of a target, and the functions of scripts that hash them. */
export class HashedTrees {
  readonly folder = mkdtempSync(join(tmpdir(), 'lunward-hashes-'));

  constructor() {
    for (const name of ['source', 'target', 'lists']) mkdirSync(join(this.folder, name));
  }

  write(name: string | Buffer, content: string | Buffer = '', side: 'source' | 'target' = 'source'): void {
    writeFileSync(Buffer.concat([Buffer.from(`${this.folder}/${side}/`), Buffer.from(name)]), content);
  }

  path(name: string, side: 'source' | 'target' = 'source'): string {
    return join(this.folder, side, name);
  }

  /** Runs a body, by default as whoever runs the tests, and returns what it printed, in latin1. */
  run(body: string, owner: Owner = {}): string {
    const lines = [
      `source=${this.folder}/source target=${this.folder}/target lists=${this.folder}/lists`,
      'trusted=$lists/trusted always=$(date --date "1 hour" +%s)',
      body,
    ];
    return runLibraries(LIBRARIES, lines, { encoding: 'latin1', ...owner });
  }

  copy(): void {
    this.run('cp --archive "$source/." "$target/"');
  }

  hashSource(): void {
    this.run('list_files "$source" "$lists/source" "$always"; hash_files "$source" "$lists/source" 3');
  }

  /** @param settled in bash: what was last changed before is settled */
  trust(settled = '$always'): string[] {
    return this.paths(
      `list_files "$source" "$lists/later" "${settled}"; trust_hashes "$lists/source" "$lists/later" "$trusted"; fields 1 "$trusted"`,
    );
  }

  compare(): { same: string[]; differing: string[]; missing: string[] } {
    this.run('list_files "$target" "$lists/target" 0; hash_files "$target" "$lists/target" 2');
    this.run('compare_files "$trusted" "$lists/target"');
    const of = (name: string) => this.paths(`fields 1 "$trusted.${name}"`);
    return { same: of('same'), differing: of('differing'), missing: of('missing') };
  }

  manifest(): Map<string, ManifestRecord> {
    const [head, ...records] = this.run('manifest_of "$trusted" "version=1 attempt=3"').split('\0').slice(0, -1);
    expect(head).toBe('version=1 attempt=3');
    return new Map(
      records.map((record) => {
        const [hash = '', size = '', , , , targetCtime = '', ...path] = record.split(' ');
        return [path.join(' '), { hash, size, targetCtime }];
      }),
    );
  }

  paths(body: string): string[] {
    return this.run(`{ ${body}\n} | decode`).split('\0').slice(0, -1);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
