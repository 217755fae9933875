import type { NodeFacts } from '../scripts/node/node-facts';

/** Programs that a node needs to prepare and mount volumes. */
export const neededPrograms = ['iscsiadm', 'mount.nfs', 'rsync', 'mkfs.ext4', 'mkfs.xfs', 'sqlite3'] as const;

export type NeededProgram = (typeof neededPrograms)[number];

/** How one family of systems installs what a node needs. */
export interface System {
  /** The package that contains each program. */
  readonly packages: Readonly<Record<NeededProgram, string>>;
  /** Command that installs packages. Their names follow it. */
  readonly install: string;
}

const packages = { rsync: 'rsync', 'mkfs.ext4': 'e2fsprogs', 'mkfs.xfs': 'xfsprogs', sqlite3: 'sqlite3' };

/** The supported package managers, by the names that scripts use. */
export type PackageManager = 'apt' | 'dnf' | 'zypper';

/** Packages and commands of each package manager. */
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

/** The package manager of a system, by its ID in os-release(5). */
export const families: readonly (readonly [readonly string[], PackageManager])[] = [
  [['debian', 'ubuntu'], 'apt'],
  [['fedora', 'rhel', 'centos'], 'dnf'],
  [['suse', 'opensuse'], 'zypper'],
];

/** Commands that add packages to the system's image. Package names follow. The node has the packages after a reboot. */
export const imageSystems = { ostree: 'rpm-ostree install', transactional: 'transactional-update pkg install' };

/** What the operator does on systems where no package manager installs anything. */
export const declaredSystems = {
  nixos:
    'declare it: services.openiscsi = { enable = true; name = "iqn.2000-01.com.example:<host>"; }; ' +
    'boot.supportedFilesystems = [ "nfs" ]; environment.systemPackages = with pkgs; [ rsync sqlite e2fsprogs xfsprogs ];',
  flatcar:
    'Flatcar has no packages: add what is missing as a system extension (sysext), and enable iscsid.service in its configuration',
};

/**
 * Returns the family of a node's system, by ID and ID_LIKE in os-release(5). `undefined` if the system is not known.
 */
export function systemOf({ systemId, systemLike }: Pick<NodeFacts, 'systemId' | 'systemLike'>): System | undefined {
  const ids = [systemId, ...systemLike.split(' ')];
  const family = families.find(([names]) =>
    ids.some((id) => names.includes(id) || names.includes(id.split('-')[0] ?? '')),
  );
  return family && systems[family[1]];
}
