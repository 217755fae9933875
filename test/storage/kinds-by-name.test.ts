import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const lib = path.join(__dirname, '../../lib');

/** What a kind's own folders are for. */
const OWN = /^(storage|volumes|catalog)\//;

/**
 * Code that names a kind, with whichever quotes, tells one by a member that only it has, or imports from its folder or file. Volumes that
 * an app can only mount (`inlineNfs`, `nfsCsi`) count too. `mount.nfs` and `initiatorname.iscsi` are a program and a file.
 */
const BY_NAME = new RegExp(
  [
    '(?:[\'"`])(?:iscsi|nfs|inlineNfs|nfsCsi)[\'"`]',
    "'(?:wwn|bytes|disk|server|path|share|iqn|lun|portal)' in ",
    '(?:storage|volumes)/(?:iscsi|nfs)[\'"/]',
    '(?<!mount|initiatorname)\\.(?:iscsi|nfs)\\b',
  ].join('|'),
  'g',
);

/** Places outside that do, by file, and why each must. A kind is added without any of them; the list may only get shorter. */
const KNOWN: Readonly<Record<string, number>> = {
  // Documents every kind of volume, whether it can be moved or not, and what nodes need for each.
  'cli/storage-page/storage-page.ts': 7,
  'cli/storage-page/storage-rows.ts': 4,
  // Looks at the exports of every NFS volume that an app mounts, whether it can be moved or not.
  'cli/storage-findings.ts': 2,
  // A class of constructs for each kind, for users' own charts.
  'constructs/volumes.ts': 2,
  // The Secret that only iSCSI volumes name.
  'kubernetes/chap-secret.ts': 1,
  // What pods of the API mount without a claim: `nfs` and `iscsi` are fields of a pod's volumes there.
  'kubernetes/fence-objects.ts': 6,
  'kubernetes/volume-users.ts': 3,
  // `nfs` is a field of what admission refuses; an inline volume is no movable kind, and may show a folder that is.
  'migration/settle/fenced-volumes.ts': 2,
  'migration/plan/cut-over-refusals.ts': 2,
  'workload/checks/check-writers.ts': 1,
  // Reads journals from the time when there were these two.
  'migration/journal/version-1.ts': 2,
  // Says how large a LUN to make for data that is on a share, and how.
  'migration/survey/source-lines.ts': 2,
  // A file system that NixOS is told to support.
  'nodes/systems.ts': 1,
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

it.each([
  "if (kind === 'nfs') {",
  'if (kind === "nfs") {',
  'if (kind === `nfs`) {',
  "['nfs', 'nfsCsi'].includes(kind)",
  "case 'iscsi':",
  "const isShare = 'server' in identity;",
  "if ('path' in identity) {",
  'return spec.nfs !== undefined;',
  "import { movableNfs } from '../../storage/nfs';",
  "import type { IscsiVolume } from '../volumes/iscsi';",
])('finds code that asks for a kind: %s', (line) => {
  expect(line.match(BY_NAME)).not.toBeNull();
});
