import type { Manifest, V1PersistentVolumeSpec, V1PodSpec } from '../../lib/spec/kubernetes';

/** What manifests count on that is not in them: storage on a NAS, storage classes, Secrets. */
export interface Needs {
  readonly luns: readonly {
    readonly iqn: string;
    readonly lun: number;
    readonly size: string;
    readonly fsType: string;
  }[];
  readonly exports: readonly string[];
  /** Addresses of NASes other than the lab's own. */
  readonly servers: readonly string[];
  readonly storageClasses: readonly string[];
  /** Directories of nodes. */
  readonly directories: readonly string[];
  readonly secrets: readonly { readonly namespace: string; readonly name: string; readonly keys: readonly string[] }[];
  /** What the lab can't stand in for, in words. */
  readonly missing: readonly string[];
}

type Volumes = NonNullable<V1PodSpec['volumes']>;

/** Reads what a description's manifests count on. */
export function needsOf(manifests: readonly Manifest[]): Needs {
  const volumes = manifests.filter(({ kind }) => kind === 'PersistentVolume');
  const specs = volumes.map(({ spec }) => spec as V1PersistentVolumeSpec);
  const pods = manifests.flatMap((manifest) => podOf(manifest) ?? []);
  const podVolumes = pods.flatMap(({ spec }) => spec.volumes ?? []) as Volumes;
  const nfs = [...specs, ...podVolumes].flatMap(({ nfs }) => nfs ?? []);
  const iscsi = specs.flatMap(({ iscsi, capacity }) => (iscsi ? [{ ...iscsi, size: capacity?.storage ?? '1Gi' }] : []));
  return {
    luns: iscsi.map(({ iqn, lun, size, fsType = 'ext4' }) => ({ iqn, lun, size, fsType })),
    exports: unique(nfs.map(({ path }) => path)),
    servers: unique([...nfs.map(({ server }) => server), ...iscsi.map(({ targetPortal }) => hostOf(targetPortal))]),
    storageClasses: unique(
      manifests
        .filter(({ kind }) => kind === 'PersistentVolumeClaim')
        .flatMap(({ spec }) => (spec as { storageClassName?: string }).storageClassName || []),
    ),
    directories: unique(specs.flatMap(({ local }) => local?.path ?? [])),
    secrets: pods.flatMap(({ namespace, spec }) => secretsOf(namespace, spec)),
    missing: unique([
      ...specs.flatMap(({ csi }) => (csi ? [`the CSI driver ${csi.driver}`] : [])),
      ...iscsi.flatMap(({ chapAuthSession, chapAuthDiscovery, secretRef }) =>
        chapAuthSession || chapAuthDiscovery ? [`the CHAP passwords of Secret ${secretRef?.name}`] : [],
      ),
    ]),
  };
}

function podOf(manifest: Manifest): { namespace: string; spec: V1PodSpec } | undefined {
  const { spec } = manifest as { spec?: { template?: { spec?: V1PodSpec } } };
  const found = spec?.template?.spec;
  return found && { namespace: manifest.metadata.namespace ?? 'default', spec: found };
}

function secretsOf(namespace: string, spec: V1PodSpec): Needs['secrets'] {
  const keys = new Map<string, Set<string>>();
  const note = (name: string | undefined, key?: string) => {
    if (!name) return;
    const known = keys.get(name) ?? new Set();
    keys.set(name, key ? known.add(key) : known);
  };
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const { secretRef } of container.envFrom ?? []) note(secretRef?.name);
    for (const { valueFrom } of container.env ?? []) note(valueFrom?.secretKeyRef?.name, valueFrom?.secretKeyRef?.key);
  }
  for (const { secret } of spec.volumes ?? []) {
    note(secret?.secretName);
    for (const { key } of secret?.items ?? []) note(secret?.secretName, key);
  }
  return [...keys].map(([name, found]) => ({ namespace, name, keys: [...found].sort() }));
}

function hostOf(portal: string): string {
  return portal.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
