import { code } from './markdown';
import type { StorageRow, StoredVolume } from './storage-rows';

/** A way to store something, for a reader of the cluster's own documentation. */
interface Pattern {
  readonly title: string;
  /** What it is for, and its limits: locks, growth. */
  readonly text: string;
}

const networkLocks =
  'Locks and shared memory over the network can not be relied on, so it is not for SQLite or other databases.';
const sizeIsLabel = 'Its size is a label that nothing enforces, and Kubernetes expands nothing there.';

const patterns: Readonly<Record<Exclude<StoredVolume['kind'], 'claim'>, Pattern>> = {
  iscsi: {
    title: 'iSCSI, static PersistentVolume',
    text:
      'A LUN of the NAS, made by hand and mounted by the kubelet itself: a block device with a file system of its own, so locks ' +
      'work as SQLite wants them. For settings and databases. One node at a time: iSCSI keeps no second one away, so an old pod ends ' +
      'before a new one starts. It is grown by hand, as below; the NAS can take snapshots of it.',
  },
  democraticCsi: {
    title: 'iSCSI, by democratic-csi (`node-manual`)',
    text:
      'A LUN of the NAS, made by hand and mounted by a CSI driver that must run on every node of its `nodeAffinity`. A block ' +
      'device, so locks work as SQLite wants them; one node at a time. It is grown on the NAS, by hand.',
  },
  nfs: {
    title: 'NFS, static PersistentVolume',
    text:
      `A folder of an NFS server that is there already, with a PersistentVolume and claim made by hand; \`storageClassName: ""\` keeps ` +
      `provisioners off. Many nodes at a time. ${networkLocks} ${sizeIsLabel}`,
  },
  inlineNfs: {
    title: 'NFS, mounted by the pod',
    text:
      'A folder of an NFS server that the pod itself names, without PersistentVolume and claim, so without mount options. For media: ' +
      'large, read mostly, many nodes at a time. Locks over NFS can not be relied on, which media does not need.',
  },
  nfsCsi: {
    title: 'NFS, by csi-driver-nfs',
    text: `A folder of an NFS server that is there already, mounted by a CSI driver that must run on every node. ${networkLocks} ${sizeIsLabel}`,
  },
  smb: {
    title: 'SMB, by csi-driver-smb',
    text:
      `A share of an SMB server, mounted by a CSI driver that must run on every node, with a name and password from a Secret. For ` +
      `media. Owner and mode of files are those of the mount options. ${networkLocks} ${sizeIsLabel}`,
  },
  csi: {
    title: 'CSI, static PersistentVolume',
    text: 'A volume that is there already, mounted by the CSI driver that it names. Locks, growth and snapshots are as the driver says.',
  },
  local: {
    title: 'Local, static PersistentVolume',
    text:
      'A folder or disk of one node: locks work as SQLite wants them, and its pods run on that node alone. It is gone with the ' +
      "node's disk, and Kubernetes does not expand it.",
  },
  existingClaim: {
    title: 'A claim made elsewhere',
    text: 'Used here, and made and kept by a chart or another repository: that is where its storage is described.',
  },
  emptyDir: {
    title: '`emptyDir`',
    text: 'A folder that begins empty with each pod and ends with it. For what may be lost at any time.',
  },
  hostPath: {
    title: '`hostPath`',
    text: 'A path of whichever node the pod runs on: another node has something else there. For devices and node-local files.',
  },
};

/** What k3s and others bring as their class of the node's own disk. */
const localPath: Pattern = {
  title: 'Class `local-path`',
  text:
    "A folder on the disk of the node that its first pod ran on, made by the class's provisioner; its pods run there from then on. For " +
    'caches and what may be lost: it is not on the NAS, its size is not enforced, and it can not be expanded.',
};

/** The ways to store something that are in use, each with who uses it. */
export function patternLines(rows: readonly StorageRow[]): string[] {
  const byTitle = new Map<string, { pattern: Pattern; rows: StorageRow[] }>();
  for (const pattern of Object.values(patterns)) byTitle.set(pattern.title, { pattern, rows: [] });
  for (const row of rows) {
    const pattern = patternOf(row.volume);
    const entry = byTitle.get(pattern.title) ?? { pattern, rows: [] };
    entry.rows.push(row);
    byTitle.set(pattern.title, entry);
  }
  return [...byTitle.values()].flatMap(({ pattern: { title, text }, rows: users }) =>
    users.length > 0 ? [`- **${title}**: ${text} ${usersText(users)}`] : [],
  );
}

function patternOf(volume: StoredVolume): Pattern {
  if (volume.kind !== 'claim') return patterns[volume.kind];
  if (volume.storageClassName === 'local-path') return localPath;
  const name = volume.storageClassName;
  return {
    title: name === undefined ? 'The default class of the cluster' : `Class ${code(name)}`,
    text: 'The class makes the volume when it is claimed: locks, growth (`allowVolumeExpansion`) and what becomes of the data with the claim (`reclaimPolicy`) are as it says.',
  };
}

function usersText(rows: readonly StorageRow[]): string {
  const of = (state: StorageRow['state']) =>
    rows.filter((row) => row.state === state).map(({ app, mount }) => `${app} ${code(mount.mountPath)}`);
  const parts: [string, string[]][] = [
    ['In use: ', of('live')],
    ['Kept: ', of('kept')],
    ['To be moved to: ', of('next')],
  ];
  return parts.flatMap(([head, users]) => (users.length > 0 ? [`${head}${users.join(', ')}.`] : [])).join(' ');
}
