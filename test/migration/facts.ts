import type { AttemptState, EntryIn } from '../../lib/migration/journal/entry';
import type { AttemptFacts } from '../../lib/migration/plan/attempt-facts';
import type { Planned } from '../../lib/migration/plan/plan';
import type { NodeObservation } from '../../lib/nodes/observation';
import type { ProbedSource } from '../../lib/scripts/copy/probe-source';
import type { SeenLun } from '../../lib/scripts/lun/seen-lun';
import { fileSystemUuid } from '../../lib/storage/file-system-uuid';
import { identityOfLun } from '../../lib/storage/iscsi/identity';
import { lun, untyped } from '../helpers';
import { well } from '../nodes/facts';

export const wwn = '0x6001405aaaaaaaaaaaaaaaaaaaaaaaaa';
/** Of the file system of the first attempt. */
export const uuid = fileSystemUuid({ volume: 'jellyfin-config', attempt: 1, place: wwn });
/** A blank LUN. */
export const seen: SeenLun = { lun: 1, bytes: 1024 ** 3, wwn, serial: '', content: '', uuid: '', use: '' };
/** What the journal says last of the first attempt. */
export const entry = <State extends AttemptState>(state: State, more: Partial<EntryIn<State>> = {}): EntryIn<State> => {
  const common = { at: '2026-01-02T03:04:05.678Z', attempt: 1, uuid, target: identityOfLun(seen), node: 'node-a' };
  return untyped({ ...common, state, digest: '', ...more });
};
/** A node that sees these LUNs, and of which there is nothing else to tell. */
export const look = (
  name: string,
  luns: readonly SeenLun[] = [seen],
  more: Partial<NodeObservation> = {},
): NodeObservation => ({
  name,
  facts: { ...well, machineId: name, initiatorName: `iqn.2000-01.com.example:${name}` },
  target: { initiatorName: '', wasShown: false, problem: '', luns: [...luns] },
  ...more,
});
/** Two nodes that see the same LUN. */
export const both = (one: SeenLun): NodeObservation[] => [look('node-a', [one]), look('node-b', [one])];
/** One of them is logged in to the target already. */
export const loggedIn = (name: string, one: SeenLun): NodeObservation =>
  look(name, [one], { target: { initiatorName: '', wasShown: true, problem: '', luns: [one] } });
/** What a plan for one LUN, seen by two nodes, follows from. */
export const targetFacts = (more: Partial<AttemptFacts> = {}): AttemptFacts => ({
  app: 'jellyfin',
  mountPath: '/config',
  volume: lun('jellyfin-config'),
  attempt: 1,
  looks: [look('node-a'), look('node-b')],
  ...more,
});
export const stepsOf = ({ plan }: Planned) => plan?.steps.map(({ name, node, reaches }) => [name, node, reaches]);
const none = { count: 0, names: [] };
/** A folder of an NFS server of which there is nothing to tell. */
export const probed: ProbedSource = {
  version: '4.2',
  xattrs: true,
  posixAcls: false,
  nfs4Acls: false,
  bytes: 100 * 1024 ** 2,
  allocatedBytes: 100 * 1024 ** 2,
  entries: 1200,
  files: 1000,
  directories: 200,
  symlinks: 0,
  sockets: 0,
  fifos: 0,
  devices: 0,
  linkSets: 0,
  linkSetsLeavingTree: 0,
  sparseFiles: 0,
  unreadable: none,
  removedWhileOpen: none,
  owners: [{ uid: 1000, count: 1200 }],
  flagged: none,
  attributes: none,
  attributesCounted: true,
  notUtf8: none,
  texts: [],
  sample: { bytes: 0, milliseconds: 0 },
  databases: [],
  room: { bytes: 1024 ** 4, freeBytes: 1024 ** 3, inodes: 1e6, freeInodes: 1e5 },
  top: { uid: 1000, gid: 1000, mode: '755' },
};
