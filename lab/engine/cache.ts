import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Piece } from './pieces';
import { pieceHash, pinsHash } from './pins';

/**
 * The folder of the binaries, named by the pins:
 *
 *     <root>/<hash>/bin/kubectl           a program
 *     <root>/<hash>/files/kwok-stages/    copied files
 *     <root>/<hash>/done/kubectl          holds the piece's hash: written last
 *     <root>/building/                    Go's caches, while a build goes on
 */
export class Cache {
  readonly folder: string;

  constructor(readonly root: string = defaultRoot()) {
    this.folder = join(root, pinsHash());
  }

  get bin(): string {
    return join(this.folder, 'bin');
  }

  get building(): string {
    return join(this.root, 'building');
  }

  get buildLock(): string {
    return join(this.root, 'building.lock');
  }

  path(piece: Piece, folder = this.folder): string {
    return join(folder, piece.kind === 'program' ? 'bin' : 'files', piece.name);
  }

  has(piece: Piece, folder = this.folder): boolean {
    const mark = join(folder, 'done', piece.name);
    return existsSync(mark) && readFileSync(mark, 'utf8') === pieceHash(piece) && existsSync(this.path(piece, folder));
  }

  /** Puts a finished file or folder in its place; what is there under the mark is always whole. */
  put(piece: Piece, finished: string): void {
    const target = this.path(piece);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { recursive: true, force: true });
    renameSync(finished, target);
    this.mark(piece);
  }

  /** Takes a piece that earlier pins have in common with these. */
  adopt(piece: Piece): boolean {
    if (piece.kind !== 'program' || !existsSync(this.root)) return false;
    for (const name of readdirSync(this.root)) {
      const other = join(this.root, name);
      if (other === this.folder || !this.has(piece, other)) continue;
      mkdirSync(this.bin, { recursive: true });
      rmSync(this.path(piece), { force: true });
      linkSync(this.path(piece, other), this.path(piece));
      this.mark(piece);
      return true;
    }
    return false;
  }

  private mark(piece: Piece): void {
    const mark = join(this.folder, 'done', piece.name);
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(`${mark}.${process.pid}`, pieceHash(piece));
    renameSync(`${mark}.${process.pid}`, mark);
  }
}

function defaultRoot(): string {
  // An XDG folder that is not absolute is to be ignored, says its specification.
  const configured = process.env.XDG_CACHE_HOME;
  const base = configured?.startsWith('/') ? configured : join(homedir(), '.cache');
  return join(base, 'lunward');
}
