import type { NodeFacts } from '../scripts/node/node-facts';

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

/** The package managers that are known, by the words of a script. */
export type PackageManager = 'apt' | 'dnf' | 'zypper';

/** What each of them is to be told. */
export const systems: Readonly<Record<PackageManager, System>> = {
  apt: {
    packages: { ...packages, iscsiadm: 'open-iscsi', 'mount.nfs': 'nfs-common' },
    install: 'apt-get install --yes --no-install-recommends',
  },
  dnf: {
    packages: { ...packages, iscsiadm: 'iscsi-initiator-utils', 'mount.nfs': 'nfs-utils', sqlite3: 'sqlite' },
    install: 'dnf install --assumeyes',
  },
  zypper: {
    packages: { ...packages, iscsiadm: 'open-iscsi', 'mount.nfs': 'nfs-client' },
    install: 'zypper --non-interactive install --no-recommends',
  },
};

/** Whose package manager a system has, by its ID in os-release(5). */
export const families: readonly (readonly [readonly string[], PackageManager])[] = [
  [['debian', 'ubuntu'], 'apt'],
  [['fedora', 'rhel', 'centos'], 'dnf'],
  [['suse', 'opensuse'], 'zypper'],
];

/** Adds packages whose names follow to an image; the node then has them once it is started anew. */
export const imageSystems = { ostree: 'rpm-ostree install', transactional: 'transactional-update pkg install' };

/** What a person does where no package manager installs anything. */
export const declaredSystems = {
  nixos:
    'declare it: services.openiscsi = { enable = true; name = "iqn.2000-01.com.example:<host>"; }; ' +
    'boot.supportedFilesystems = [ "nfs" ]; environment.systemPackages = with pkgs; [ rsync sqlite e2fsprogs xfsprogs ];',
  flatcar:
    'Flatcar has no packages: add what is missing as a system extension (sysext), and enable iscsid.service in its configuration',
};

/** The family of a node's system, by ID and ID_LIKE of os-release(5); nothing where it is none that is known. */
export function systemOf({ systemId, systemLike }: Pick<NodeFacts, 'systemId' | 'systemLike'>): System | undefined {
  const ids = [systemId, ...systemLike.split(' ')];
  const family = families.find(([names]) =>
    ids.some((id) => names.includes(id) || names.includes(id.split('-')[0] ?? '')),
  );
  return family && systems[family[1]];
}
