import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const lib = path.join(__dirname, '../../lib');

/** What a kind's own folders are for. */
const OWN = /^(storage|volumes|catalog)\//;

/** Code that tells kinds apart by name, or by a member that only one of them has. */
const BY_NAME = /\bkind [=!]== '(iscsi|nfs)'|'(wwn|disk)' in /g;

/** Places outside `lib/storage` that still do, by file: a new kind has to be added in each. The list may only get shorter. */
const KNOWN: Readonly<Record<string, number>> = {
  'scripts/copy/source.ts': 2,
};

it('no code outside the kinds’ own folders asks for one by name, but for what is listed', () => {
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = files
    .filter((file) => !OWN.test(file))
    .map((file) => [file, readFileSync(path.join(lib, file), 'utf8').match(BY_NAME)?.length ?? 0] as const)
    .filter(([, count]) => count > 0);
  expect(Object.fromEntries(found)).toEqual(KNOWN);
});
