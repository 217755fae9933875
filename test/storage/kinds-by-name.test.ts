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
  'cli/storage-findings.ts': 2,
  'cli/storage-page/storage-page.ts': 2,
  'cli/views/plan-text.ts': 1,
  'cluster/check.ts': 1,
  'kubernetes/volume-users.ts': 1,
  'migration/app-context.ts': 1,
  'migration/cutover/volume-move.ts': 1,
  'migration/journal/journaled-target.ts': 1,
  'migration/plan/cut-over-refusals.ts': 2,
  'migration/plan/plan-abort.ts': 1,
  'migration/plan/plan-folder.ts': 1,
  'migration/plan/plan-move.ts': 4,
  'migration/plan/wanted-volumes.ts': 2,
  'migration/survey/source-lines.ts': 1,
  'migration/use-cases/plan-volumes.ts': 2,
  'migration/use-cases/resize.ts': 1,
  'scripts/copy/release-target.ts': 1,
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
