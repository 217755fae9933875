import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PIECES, type Piece } from './pieces';

export const MODULES = join(__dirname, 'go');

/**
 * What a piece is made of. Two pieces of equal hash are the same file, so that
 * a change of one pin rebuilds that piece alone.
 */
export function pieceHash(piece: Piece): string {
  const hash = createHash('sha256');
  // Flags are part of the piece: the same source with other flags is another binary.
  const { minutes: _, ...pinned } = piece;
  hash.update(JSON.stringify([pinned, BUILD_FLAGS, process.platform, process.arch]));
  const module = join(MODULES, piece.module);
  for (const file of readdirSync(module).sort()) {
    hash.update(`\0${file}\0`).update(readFileSync(join(module, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Names the folder of the cache. */
export function pinsHash(): string {
  const hash = createHash('sha256');
  for (const piece of PIECES) hash.update(pieceHash(piece));
  return hash.digest('hex').slice(0, 16);
}

/** The same everywhere, so that a binary does not depend on where or by whom it was built. */
export const BUILD_FLAGS: readonly string[] = ['-mod=readonly', '-trimpath', '-buildvcs=false'];
