import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const lib = path.join(__dirname, '../../lib');

/** What a kind's own folders are for. */
const OWN = /^(storage|volumes|catalog)\//;

/** Code that names a kind, tells one by a member that only it has, or imports from its folder. */
const BY_NAME = /'(iscsi|nfs)'|'(wwn|disk|server|iqn)' in |storage\/(iscsi|nfs)['/]/g;

/** Places outside that do, by file, and why each must. A kind is added without any of them; the list may only get shorter. */
const KNOWN: Readonly<Record<string, number>> = {
  // Documents every kind of volume, whether it can be moved or not, and what nodes need for each.
  'cli/storage-page/storage-page.ts': 4,
  'cli/storage-page/storage-rows.ts': 2,
  // `nfs` is a field of what admission refuses.
  'migration/cutover/fenced-volumes.ts': 1,
  // Reads journals from the time when there were these two.
  'migration/journal/version-1.ts': 2,
  // Says how large a LUN to make for data that is on a share, and how.
  'migration/survey/source-lines.ts': 2,
  // Scripts take a folder or a LUN as plain data too: tests of the lab and benches write these by hand.
  'scripts/copy/source.ts': 4,
  'scripts/copy/target.ts': 3,
};

it('no code outside of the kinds’ folders names a kind, except the listed places', () => {
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = files
    .filter((file) => !OWN.test(file))
    .map((file) => [file, readFileSync(path.join(lib, file), 'utf8').match(BY_NAME)?.length ?? 0] as const)
    .filter(([, count]) => count > 0);
  expect(Object.fromEntries(found)).toEqual(KNOWN);
});
