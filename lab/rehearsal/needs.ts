import type { Manifest, V1PersistentVolumeSpec, V1PodSpec } from '../../lib/core/kubernetes';
import { NODES } from '../setup/specs';
import { filesOf, type Named } from './files';

/** What manifests require that is not in them: storage on a NAS, and objects and nodes of a cluster. */
export interface Needs {
  readonly luns: readonly Lun[];
  readonly exports: readonly string[];
  /** Addresses and names of NASes. */
  readonly servers: readonly string[];
  /** Directories on nodes. */
  readonly directories: readonly string[];
  /** Namespaces that the description expects to exist. */
  readonly namespaces: readonly string[];
  /** Claims that the description expects to exist. */
  readonly claims: readonly { readonly namespace: string; readonly name: string }[];
  readonly storageClasses: readonly string[];
  readonly runtimeClasses: readonly string[];
  /** Device resources, such as `gpu.intel.com/i915`. */
  readonly devices: readonly string[];
  /** Node labels that pods require, as `key=value`. */
  readonly nodeLabels: readonly string[];
  readonly secrets: readonly Named[];
  readonly configMaps: readonly Named[];
  /** What the lab can't provide, in words. */
  readonly missing: readonly string[];
}

interface Lun {
  readonly iqn: string;
  readonly lun: number;
  readonly size: string;
  readonly fsType: string;
}

/** A pod as a Deployment describes it. */
export interface DescribedPod {
  readonly namespace: string;
  readonly spec: V1PodSpec;
}

const HOST_NAME = 'kubernetes.io/hostname';

/** Finds what a description's manifests require. */
export function needsOf(manifests: readonly Manifest[]): Needs {
  const specs = ofKind(manifests, 'PersistentVolume').map(({ spec }) => spec as V1PersistentVolumeSpec);
  const pods = manifests.flatMap((manifest) => podOf(manifest) ?? []);
  const nfs = [...specs, ...pods.flatMap(({ spec }) => spec.volumes ?? [])].flatMap(({ nfs }) => nfs ?? []);
  const iscsi = specs.flatMap(({ iscsi, capacity }) => (iscsi ? [{ ...iscsi, size: capacity?.storage ?? '1Gi' }] : []));
  const portals = iscsi.flatMap(({ targetPortal, portals = [] }) => [targetPortal, ...portals]);
  return {
    luns: iscsi.map(({ iqn, lun, size, fsType = 'ext4' }) => ({ iqn, lun, size, fsType })),
    exports: unique(nfs.map(({ path }) => path)),
    servers: unique([...nfs.map(({ server }) => server), ...portals.map(hostOf)]),
    directories: unique(specs.flatMap(({ local }) => local?.path ?? [])),
    namespaces: namespacesOf(manifests),
    claims: claimsOf(manifests, pods),
    storageClasses: unique(
      ofKind(manifests, 'PersistentVolumeClaim').flatMap(
        ({ spec }) => (spec as { storageClassName?: string }).storageClassName || [],
      ),
    ),
    runtimeClasses: unique(pods.flatMap(({ spec }) => spec.runtimeClassName ?? [])),
    devices: unique(pods.flatMap(devicesOf)),
    nodeLabels: unique(pods.flatMap(labelsOf)),
    ...filesOf(pods),
    missing: unique([
      ...specs.flatMap(({ csi }) => (csi ? [`CSI driver ${csi.driver}`] : [])),
      ...iscsi.flatMap(({ chapAuthSession, chapAuthDiscovery, secretRef }) =>
        chapAuthSession || chapAuthDiscovery ? [`password for CHAP as in Secret ${secretRef?.name}`] : [],
      ),
      ...[...specs.flatMap(hostNamesOfVolume), ...pods.flatMap(hostNamesOfPod)]
        .filter((host) => !NODES.some(({ name }) => name === host))
        .map((host) => `node ${host}: its nodes are ${NODES.map(({ name }) => name).join(' and ')}`),
    ]),
  };
}

function podOf(manifest: Manifest): DescribedPod | undefined {
  const { spec } = manifest as { spec?: { template?: { spec?: V1PodSpec } } };
  const found = spec?.template?.spec;
  return found && { namespace: namespaceOf(manifest), spec: found };
}

function namespacesOf(manifests: readonly Manifest[]): string[] {
  const described = new Set(ofKind(manifests, 'Namespace').map(({ metadata }) => metadata.name));
  return unique(manifests.flatMap(({ metadata }) => metadata.namespace ?? [])).filter((name) => !described.has(name));
}

function claimsOf(manifests: readonly Manifest[], pods: readonly DescribedPod[]): Needs['claims'] {
  const key = (namespace: string, name: string) => `${namespace}/${name}`;
  const described = new Set(
    ofKind(manifests, 'PersistentVolumeClaim').map((claim) => key(namespaceOf(claim), claim.metadata.name)),
  );
  const used = pods.flatMap(({ namespace, spec }) =>
    (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => (claim ? key(namespace, claim.claimName) : [])),
  );
  return unique(used)
    .filter((claim) => !described.has(claim))
    .map((claim) => {
      const [namespace = '', name = ''] = claim.split('/');
      return { namespace, name };
    });
}

/** Resources with a domain in their names: those that every node has are named without one. */
function devicesOf({ spec }: DescribedPod): string[] {
  return spec.containers.flatMap(({ resources }) =>
    Object.keys({ ...resources?.limits, ...resources?.requests }).filter((name) => name.includes('/')),
  );
}

function labelsOf({ spec }: DescribedPod): string[] {
  return Object.entries(spec.nodeSelector ?? {}).flatMap(([key, value]) =>
    key === HOST_NAME ? [] : `${key}=${value}`,
  );
}

function hostNamesOfPod({ spec }: DescribedPod): string[] {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const named = [spec.nodeName, spec.nodeSelector?.[HOST_NAME]].flatMap((host) => host ?? []);
  return [...named, ...hostNamesOf(required)];
}

function hostNamesOfVolume({ nodeAffinity }: V1PersistentVolumeSpec): string[] {
  return hostNamesOf(nodeAffinity?.required);
}

/** The host names that are required, unless another entry of the list is enough. */
function hostNamesOf(
  selector:
    | {
        nodeSelectorTerms: readonly {
          matchExpressions?: readonly { key: string; operator: string; values?: string[] }[];
        }[];
      }
    | undefined,
): string[] {
  const lists = (selector?.nodeSelectorTerms ?? []).flatMap(({ matchExpressions = [] }) =>
    matchExpressions.flatMap(({ key, operator, values = [] }) =>
      key === HOST_NAME && operator === 'In' ? [values] : [],
    ),
  );
  return lists.flatMap((hosts) => (hosts.some((host) => NODES.some(({ name }) => name === host)) ? [] : hosts));
}

function ofKind(manifests: readonly Manifest[], kind: string): Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}

function namespaceOf({ metadata }: Manifest): string {
  return metadata.namespace ?? 'default';
}

function hostOf(portal: string): string {
  return portal.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
