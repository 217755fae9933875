/**
 * How long each test file in lab/test/lab usually takes, in minutes on two processors while another lab runs beside it.
 * A new file needs a row here, and a test reports a missing row. A file without a row runs all the same, with
 * `DEFAULT_MINUTES`.
 */
export const MACHINE_MINUTES: Readonly<Record<string, number>> = {
  apps: 4,
  arr: 9,
  believed: 11,
  'by-hand': 2.5,
  'calibre-web': 6.5,
  'check-file-system': 4,
  command: 2,
  copy: 5,
  'cut-over': 12,
  faults: 3.5,
  'final-copy': 4.5,
  'format-lun': 5.5,
  gate: 9,
  interrupted: 6,
  isolation: 1.5,
  killed: 16,
  large: 8,
  'lun-source': 2.5,
  'meddled-with': 13,
  nas: 2,
  'nas-away': 12,
  nodes: 3,
  plan: 4,
  prepare: 5,
  probes: 3.5,
  refused: 3.5,
  rehearse: 1.5,
  resize: 3.5,
  snapshot: 4,
  'stopped-file-system': 12,
  users: 1,
  verify: 5,
  'wipe-lun': 1.5,
};

export const DEFAULT_MINUTES = 8;

/**
 * Test files that need no machines, only control planes and engines of their own. The files of a group run together,
 * two at a time. Files in none of the named groups are in `REST`.
 */
export const GROUPS: Readonly<Record<string, { readonly minutes: number; readonly files: readonly string[] }>> = {
  moves: {
    minutes: 5,
    files: [
      'lab/test/pulumi/cut-over.test.ts',
      'lab/test/pulumi/retire.test.ts',
      'lab/test/control-plane/fence.test.ts',
      'lab/test/control-plane/journal.test.ts',
      'lab/test/control-plane/cluster-client.test.ts',
    ],
  },
  'nodes of the shared stack': { minutes: 1, files: ['lab/test/pulumi/nodes.test.ts'] },
};

export const REST = { name: 'the rest', minutes: 10.5 };

/** Minutes that `npm run rehearse` usually takes. */
export const REHEARSE_MINUTES = 21;
