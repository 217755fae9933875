/**
 * How long each test file in lab/test/lab usually takes, in minutes on two processors while another lab runs beside it.
 * A new file needs a row here, and a test reports a missing row. A file without a row runs all the same, with
 * `DEFAULT_MINUTES`.
 */
export const MACHINE_MINUTES: Readonly<Record<string, number>> = {
  apps: 7,
  arr: 25,
  'by-hand': 3,
  'calibre-web': 7,
  command: 4,
  copy: 10,
  'cut-over': 15,
  faults: 6,
  'final-copy': 7,
  'format-lun': 5.5,
  interrupted: 8,
  isolation: 1.5,
  killed: 13,
  large: 13,
  'lun-source': 4,
  'meddled-with': 22,
  nas: 3.5,
  nodes: 4.5,
  plan: 4,
  prepare: 11,
  probes: 4,
  refused: 5,
  rehearse: 2,
  resize: 5,
  snapshot: 5,
  'stopped-file-system': 14,
  users: 2,
  verify: 7,
  'wipe-lun': 2,
};

export const DEFAULT_MINUTES = 8;

/**
 * Test files that need no machines, only control planes and engines of their own. The files of a group run together,
 * two at a time. Files in none of the named groups are in `REST`.
 */
export const GROUPS: Readonly<Record<string, { readonly minutes: number; readonly files: readonly string[] }>> = {
  moves: {
    minutes: 8,
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

export const REST = { name: 'the rest', minutes: 8 };

/** Minutes that `npm run rehearse` usually takes. */
export const REHEARSE_MINUTES = 25;
