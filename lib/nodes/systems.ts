import type { NodeFacts } from '../shell/node-facts';

/** Programs without which a node can't prepare or mount a volume. */
export const neededPrograms = ['iscsiadm', 'mount.nfs', 'rsync', 'mkfs.ext4', 'mkfs.xfs', 'sqlite3'] as const;

export type NeededProgram = (typeof neededPrograms)[number];

/** What a node needs, in the words of a family of systems. */
export interface System {
  /** The package that holds a program. */
  readonly packages: Readonly<Record<NeededProgram, string>>;
  /** Installs packages whose names follow. */
  readonly install: string;
}

const packages = { rsync: 'rsync', 'mkfs.ext4': 'e2fsprogs', 'mkfs.xfs': 'xfsprogs', sqlite3: 'sqlite3' };

const debian: System = {
  packages: { ...packages, iscsiadm: 'open-iscsi', 'mount.nfs': 'nfs-common' },
  install: 'apt-get install --yes --no-install-recommends',
};

const redHat: System = {
  packages: { ...packages, iscsiadm: 'iscsi-initiator-utils', 'mount.nfs': 'nfs-utils', sqlite3: 'sqlite' },
  install: 'dnf install --assumeyes',
};

const suse: System = {
  packages: { ...packages, iscsiadm: 'open-iscsi', 'mount.nfs': 'nfs-client' },
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
