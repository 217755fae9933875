import type { ClusterDescription } from '../../cluster/description';
import type { LiveCluster } from '../../cluster/live';
import { parsePortal } from '../../core/addresses';
import { type PackageManager, systems } from '../../nodes/systems';
import { lunOnNas } from '../../storage/iscsi/lun-on-nas';
import { isMovable } from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import { code, table } from './markdown';
import { patternLines } from './storage-patterns';
import { type StorageRow, storageRows, storageTable } from './storage-rows';

/**
 * What is to be known of a cluster's storage, for its own documentation: Markdown that follows from the description and its
 * lock alone, so that the same ones give the same bytes.
 */
export function storagePage(live: LiveCluster): string {
  const rows = storageRows(live);
  const sections = [
    [
      '## Storage',
      '',
      'Written by `lunward docs` from the description of the cluster and `lunward.lock.json`. Change these and run it again: what ' +
        'is written between the two marks of this section is lost then.',
    ],
    ...(rows.length > 0
      ? [
          ['### Patterns in use', '', ...patternLines(rows)],
          [
            '### Where the data is',
            '',
            ...storageTable(rows, live.cluster.namespace.name),
            '',
            ...generationLines(rows),
          ],
        ]
      : [['No app of the description has a volume yet.']]),
    // Who has neither LUNs nor anything that may be moved to one wants to know nothing of them.
    ...(rows.some(({ volume }) => isPersistent(volume) && isMovable(volume)) ? lunSections(rows) : []),
    ...nodeSections(live.cluster.description, rows),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function generationLines(rows: readonly StorageRow[]): string[] {
  const isHistory = rows.some(({ state }) => state !== 'live');
  const lines = [
    '`lunward.lock.json` records which generation is live; `lunward migrate` and `lunward rollback` write it. Without an entry the first one is live.',
    'A kept one holds what it held when the app left it: Lunward neither writes to it nor deletes it.',
  ];
  return isHistory ? [lines.join(' ')] : [];
}

function lunSections(rows: readonly StorageRow[]): string[][] {
  const addresses = portalAddresses(rows);
  return [
    [
      '### A new LUN',
      '',
      '1. On the NAS, make an iSCSI target and a thin LUN mapped to it, for the nodes of the cluster alone:',
      ...lunOnNas.map(({ nas, how }) => `   - ${nas}: ${how}.`),
      '',
      '   How large: `lunward plan APP` says it for an app that has its data on NFS, from what is there.',
      `2. Ask a node for the iqn and for the number of the LUN: ${addresses.map((one) => code(`lunward discover ${one}`)).join(' or ')}. The number is never assumed: a NAS may show another one than nodes see.`,
      '3. Add it to the description, after the line that is there, as the newest generation:',
      '',
      '   ```ts',
      '   config: [',
      '     nfs({ /* stays as it is, and first */ }),',
      `     iscsi({ name: 'APP-config-2', targetPortal: '${portals(rows)[0] ?? '192.0.2.200:3260'}', iqn: '…', lun: …, size: '10Gi' }),`,
      '   ],',
      '   ```',
      '',
      '   This moves nothing yet. An app without data has the `iscsi` line alone, and `lunward format APP` makes its file system.',
      '4. `lunward plan APP` shows what would be done and what is in the way. `lunward migrate APP` copies while the app runs, stops it, verifies, and starts it on the new volume.',
      '5. Commit the description and `lunward.lock.json`, and run `lunward docs` again.',
    ],
    [
      '### Growing a LUN',
      '',
      '1. Grow the LUN on the NAS. It is never made smaller.',
      '2. `lunward resize APP SIZE`, with the new size such as `20Gi`: Kubernetes does not do it for its own iSCSI driver, and a pod that is started again does not grow a file system either.',
    ],
    [
      '### Going back',
      '',
      '- Before the app was stopped (`lunward migrate APP --until prepare`): `lunward abort APP`. The app has never used the new volume.',
      '- After it was switched: `lunward rollback APP` starts it on the generation that was live before, as it was when the app left it. What the app wrote since stays on the LUN, and does not go along.',
    ],
    [
      '### Why static volumes',
      '',
      "The LUNs are few and have names; they outlive the cluster, and are found again from the description alone; no driver runs for them that has to be kept up with the cluster, and the cluster holds no password of the NAS's administration. Drivers that make LUNs on demand pay off with many volumes that come and go. Before one is chosen, look whether it is built for every architecture of the nodes, and whether it calls its support of this NAS experimental.",
    ],
  ];
}

function portals(rows: readonly StorageRow[]): string[] {
  const all = rows.flatMap(({ volume }) => ('targetPortal' in volume ? [volume.targetPortal] : []));
  return [...new Set(all)].sort();
}

function portalAddresses(rows: readonly StorageRow[]): string[] {
  // An IPv6 address is written with its port.
  const addresses = portals(rows).map((one) => (one.startsWith('[') ? one : (parsePortal(one)?.address ?? one)));
  return addresses.length > 0 ? [...new Set(addresses)] : ['ADDRESS-OF-THE-NAS'];
}

const systemNames: Readonly<Record<PackageManager, string>> = {
  apt: 'Debian, Ubuntu',
  dnf: 'Fedora, RHEL and its kin',
  zypper: 'openSUSE, SLES',
};

function nodeSections({ nodes = {} }: ClusterDescription, rows: readonly StorageRow[]): string[][] {
  const isUsed = (...kinds: readonly string[]) => rows.some(({ volume }) => kinds.includes(volume.kind));
  const needs = [
    ...(isUsed('iscsi', 'democraticCsi')
      ? [{ what: 'iSCSI, with an initiator name that no other node has', programs: ['iscsiadm'] as const }]
      : []),
    ...(isUsed('nfs', 'inlineNfs', 'nfsCsi') ? [{ what: 'NFS', programs: ['mount.nfs'] as const }] : []),
    ...(isUsed('iscsi')
      ? [
          {
            what: 'making, copying and checking volumes',
            programs: ['mkfs.ext4', 'mkfs.xfs', 'rsync', 'sqlite3'] as const,
          },
        ]
      : []),
  ];
  if (needs.length === 0) return [];
  const managers = Object.keys(systemNames) as PackageManager[];
  return [
    [
      '### What nodes need',
      '',
      ...table(
        ['For', ...managers.map((manager) => systemNames[manager])],
        needs.map(({ what, programs }) => [
          what,
          ...managers.map((manager) => programs.map((one) => code(systems[manager].packages[one])).join(', ')),
        ]),
      ),
      '',
      '`lunward nodes` installs what is missing, and nothing else; `lunward doctor` says what is wrong.',
      ...managedLines(nodes),
    ],
  ];
}

function managedLines(nodes: NonNullable<ClusterDescription['nodes']>): string[] {
  const managed = Object.entries(nodes).flatMap(([name, { managedBy }]) =>
    managedBy ? [`on ${code(name)} by ${managedBy}`] : [],
  );
  return managed.length > 0 ? [`Packages are managed ${managed.sort().join(', ')}: add them there.`] : [];
}
