import type { NodeFacts } from '../shell/node-facts';

/** What a node needs, in the words of a family of systems. */
export interface System {
  /** For a person. */
  readonly name: string;
  /** The package that holds a program. */
  readonly packages: Readonly<Record<NeededProgram, string>>;
  /** Installs packages whose names follow. */
  readonly install: string;
}

/** Programs without which a node can't prepare or mount a volume. */
export type NeededProgram = 'iscsiadm' | 'mount.nfs' | 'rsync' | 'mkfs.ext4' | 'mkfs.xfs' | 'sqlite3';

export const neededPrograms: readonly NeededProgram[] = [
  'iscsiadm',
  'mount.nfs',
  'rsync',
  'mkfs.ext4',
  'mkfs.xfs',
  'sqlite3',
];

const debian: System = {
  name: 'Debian and Ubuntu',
  packages: {
    iscsiadm: 'open-iscsi',
    'mount.nfs': 'nfs-common',
    rsync: 'rsync',
    'mkfs.ext4': 'e2fsprogs',
    'mkfs.xfs': 'xfsprogs',
    sqlite3: 'sqlite3',
  },
  install: 'apt-get install --yes --no-install-recommends',
};

const redHat: System = {
  name: 'Fedora, RHEL and their kin',
  packages: {
    iscsiadm: 'iscsi-initiator-utils',
    'mount.nfs': 'nfs-utils',
    rsync: 'rsync',
    'mkfs.ext4': 'e2fsprogs',
    'mkfs.xfs': 'xfsprogs',
    sqlite3: 'sqlite',
  },
  install: 'dnf install --assumeyes',
};

const suse: System = {
  name: 'openSUSE and SLES',
  packages: {
    iscsiadm: 'open-iscsi',
    'mount.nfs': 'nfs-client',
    rsync: 'rsync',
    'mkfs.ext4': 'e2fsprogs',
    'mkfs.xfs': 'xfsprogs',
    sqlite3: 'sqlite3',
  },
  install: 'zypper --non-interactive install --no-recommends',
};

const families: readonly (readonly [readonly string[], System])[] = [
  [['debian', 'ubuntu'], debian],
  [['fedora', 'rhel', 'centos'], redHat],
  [['suse', 'opensuse'], suse],
];

/** The family of a node's system, by ID and ID_LIKE of os-release(5); nothing where it is none that is known. */
export function systemOf({ systemId, systemLike }: Pick<NodeFacts, 'systemId' | 'systemLike'>): System | undefined {
  const ids = [systemId, ...systemLike.split(' ')];
  return families.find(([names]) =>
    ids.some((id) => names.includes(id) || names.includes(id.split('-')[0] ?? '')),
  )?.[1];
}
