import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compare, worker } from './compare';
import { print } from './print';

/**
 * Describing and synthesizing 1,000 apps, compared with writing the same documents from plain objects with the same
 * writer.
 */
export function benchMany(): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'lunward-bench-'));
  try {
    const [ours, floor] = [path.join(folder, 'ours'), path.join(folder, 'floor')];
    const result = compare({ ours: worker('many-lunward', ours), floor: worker('many-plain', floor) }, 7);
    assertSame(ours, floor);
    print('1,000 apps described, checked and written, against the same documents as plain objects', result);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// A floor that writes less would be no floor.
function assertSame(left: string, right: string): void {
  for (const name of new Set([...readdirSync(left), ...readdirSync(right)])) {
    if (readFileSync(path.join(left, name), 'utf8') !== readFileSync(path.join(right, name), 'utf8')) {
      throw new Error(`${name} differs between ${left} and ${right}: workers/documents.ts is not what lunward writes`);
    }
  }
}
