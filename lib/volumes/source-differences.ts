import { canonicalHost, parsePortal } from '../core/addresses';
import type { V1PersistentVolumeSpec } from '../core/kubernetes';
import { kindOf, type PersistentVolume } from './kinds';

/** The fields of a PersistentVolume that say where its bytes are. */
export type LiveSource = Partial<V1PersistentVolumeSpec>;

/**
 * Compares where a PersistentVolume in the cluster keeps its bytes with its description. Different spellings of one
 * place count as equal: upper case in names, a slash at the end of a path, a portal without its port.
 *
 * @param live spec of the PersistentVolume in the cluster
 * @returns one line for each field that differs, with both values. Empty for a claim that names no PersistentVolume:
 * there is nothing to compare
 */
export function sourceDifferences(volume: PersistentVolume, namespace: string, live: LiveSource): string[] {
  return differencesIn(volume, namespace, live, () => true);
}

/**
 * Compares only the fields that identify the place: folder, share or LUN. How a node reaches or mounts it is left out.
 *
 * @returns as `sourceDifferences` does
 */
export function placeDifferences(volume: PersistentVolume, namespace: string, live: LiveSource): string[] {
  return differencesIn(volume, namespace, live, ([name]) => !accessFields.has(name));
}

function differencesIn(
  volume: PersistentVolume,
  namespace: string,
  live: LiveSource,
  isCompared: (field: Field) => boolean,
): string[] {
  const described = kindOf(volume).persistentVolume(volume, namespace)?.spec as LiveSource | undefined;
  if (!described) return [];
  const [wanted, found] = [sourceKind(described), sourceKind(live)];
  if (wanted !== found) return [lineOf('source', wanted, found)];
  return fieldsOf(described)
    .filter(isCompared)
    .flatMap(([name, read, canonical = plain]) => {
      const [one, other] = [read(described), read(live)];
      return canonical(one) === canonical(other) ? [] : [lineOf(name, one, other)];
    });
}

/** Whether two server names or addresses are equal apart from spelling. Nothing is resolved. */
export function isSameServer(one: string, other: string): boolean {
  return canonicalHost(one) === canonicalHost(other);
}

/** Whether two paths on a server are equal: a slash at the end and repeated slashes do not matter. */
export function isSamePath(one: string, other: string): boolean {
  return canonicalPath(one) === canonicalPath(other);
}

/** Returns a portal in one spelling, with its port. Text that is not a portal is only put into lower case. */
export function canonicalPortal(portal: string): string {
  const parts = parsePortal(portal);
  return parts ? `${canonicalHost(parts.address)}:${parts.port}` : canonicalHost(portal);
}

type Field = readonly [name: string, read: (spec: LiveSource) => string, canonical?: (value: string) => string];

const nfsFields: readonly Field[] = [
  ['nfs.server', ({ nfs }) => nfs?.server ?? '', canonicalHost],
  ['nfs.path', ({ nfs }) => nfs?.path ?? '', canonicalPath],
];

const iscsiFields: readonly Field[] = [
  ['iscsi.targetPortal and portals', portalsOf, (list) => unique(list.split(', ').map(canonicalPortal)).join(', ')],
  ['iscsi.iqn', ({ iscsi }) => iscsi?.iqn ?? '', lowerCase],
  ['iscsi.lun', ({ iscsi }) => String(iscsi?.lun ?? '')],
  // A NAS may show other LUNs to another initiator.
  ['iscsi.initiatorName', ({ iscsi }) => iscsi?.initiatorName ?? '', lowerCase],
  ['iscsi.iscsiInterface', ({ iscsi }) => iscsi?.iscsiInterface || 'default'],
  // Without `fsType` the kubelet uses ext4, and formats what it cannot read.
  ['iscsi.fsType', ({ iscsi, volumeMode }) => (volumeMode === 'Block' ? '' : iscsi?.fsType || 'ext4')],
];

/** The fields that say how a node reaches or mounts the place. */
const accessFields = new Set([
  'iscsi.targetPortal and portals',
  'iscsi.initiatorName',
  'iscsi.iscsiInterface',
  'iscsi.fsType',
  'volumeMode',
]);

const csiFields: readonly Field[] = [
  ['csi.driver', ({ csi }) => csi?.driver ?? ''],
  ['csi.volumeHandle', ({ csi }) => csi?.volumeHandle ?? ''],
];

/**
 * The fields that say where the bytes are. A CSI driver may add attributes of its own, so only described attributes
 * count.
 */
function fieldsOf({ nfs, iscsi, csi, local }: LiveSource): readonly Field[] {
  return [
    ...(nfs ? nfsFields : []),
    ...(iscsi ? iscsiFields : []),
    ...(csi ? csiFields : []),
    ...Object.keys(csi?.volumeAttributes ?? {}).map(
      (key): Field => [`csi.volumeAttributes.${key}`, (spec) => spec.csi?.volumeAttributes?.[key] ?? ''],
    ),
    ...(local ? [['local.path', (spec: LiveSource) => spec.local?.path ?? '', canonicalPath] as const] : []),
    ['volumeMode', ({ volumeMode }) => volumeMode || 'Filesystem'],
  ];
}

/** The fields that do not depend on the source. */
const common = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

function sourceKind(spec: LiveSource): string {
  return Object.entries(spec)
    .flatMap(([key, value]) => (common.has(key) || value === undefined || value === null ? [] : [key]))
    .join(', ');
}

function portalsOf({ iscsi }: LiveSource): string {
  return iscsi ? [iscsi.targetPortal, ...(iscsi.portals ?? [])].join(', ') : '';
}

function canonicalPath(path: string): string {
  return path.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function plain(value: string): string {
  return value;
}

function lowerCase(value: string): string {
  return value.toLowerCase();
}

function lineOf(field: string, described: string, found: string): string {
  return `${field}: described ${described || 'without it'}, found ${found || 'without it'}`;
}
