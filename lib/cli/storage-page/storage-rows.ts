import type { LiveCluster } from '../../cluster/live';
import { type InlineVolume, isPersistent, kindOf, type PersistentVolume } from '../../volumes/kinds';
import { describeLocation } from '../../volumes/location';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { LiveMount } from '../../workload/model';
import { code, table } from './markdown';

/** A volume that holds something: entries of ConfigMaps and Secrets do not. */
export type StoredVolume = PersistentVolume | Exclude<InlineVolume, { kind: 'configMap' | 'secret' }>;

/** One generation of one mount of an app. */
export interface StorageRow {
  readonly app: string;
  readonly mount: LiveMount;
  readonly volume: StoredVolume;
  /**
   * `live`; `kept`, with what it held when the app left it; `retired`, the same, and the cluster has it no more; `next`, where
   * nothing was moved to yet.
   */
  readonly state: 'live' | 'kept' | 'retired' | 'next';
  /** Of the app, and so of its claims. */
  readonly namespace: string;
}

/** Every volume of a description, by app: a line that moves there moves nothing here. */
export function storageRows({ apps }: LiveCluster): StorageRow[] {
  const sorted = Object.entries(apps).sort(([left], [right]) => (left < right ? -1 : 1));
  return sorted.flatMap(([app, { mounts, namespace }]) =>
    mounts.flatMap((mount) =>
      mount.generations.filter(isStored).map((volume) => ({
        app,
        mount,
        volume,
        state: stateOf(mount, volume),
        namespace,
      })),
    ),
  );
}

/** Which app's volume lies where. */
export function storageTable(rows: readonly StorageRow[], namespace: string): string[] {
  const head = ['App', 'Mounted at', 'Generation', 'Claim', 'PersistentVolume', 'Place', 'Size'];
  return table(
    head,
    rows.map((row) => {
      const { app, mount, volume } = row;
      return [
        app,
        code(mount.mountPath),
        stateText(row),
        ...objects(row, namespace),
        place(volume, mount),
        size(volume),
      ];
    }),
  );
}

const none = '–';

function isStored(volume: PersistentVolume | InlineVolume): volume is StoredVolume {
  return volume.kind !== 'configMap' && volume.kind !== 'secret';
}

function stateOf({ volume: live, kept, retired }: LiveMount, volume: StoredVolume): StorageRow['state'] {
  if (volume === live) return 'live';
  if (!isPersistent(volume)) return 'next';
  if (retired.includes(volume)) return 'retired';
  return kept.includes(volume) ? 'kept' : 'next';
}

function stateText({ mount: { generations, volume: live }, volume, state }: StorageRow): string {
  if (state === 'live') return 'live';
  if (state === 'next') return 'described, not moved to';
  if (state === 'retired') return 'retired, its data is still there';
  return generations.indexOf(volume) < generations.indexOf(live) ? 'older, kept' : 'newer, kept';
}

function objects({ volume, namespace }: StorageRow, usual: string): [claim: string, persistentVolume: string] {
  if (!isPersistent(volume)) return [none, none];
  const claim = code(namespace === usual ? volume.name : `${namespace}/${volume.name}`);
  if (volume.kind === 'existingClaim') return [claim, 'made elsewhere'];
  return [claim, volume.kind === 'claim' ? 'made by its class' : code(persistentVolumeName(volume))];
}

function size(volume: StoredVolume): string {
  if ('size' in volume) return volume.size;
  return 'sizeLimit' in volume && volume.sizeLimit ? `at most ${volume.sizeLimit}` : none;
}

function place(volume: StoredVolume, { subPath }: LiveMount): string {
  return subPath === undefined ? placeOf(volume) : `${placeOf(volume)}, its ${code(subPath)}`;
}

function placeOf(volume: StoredVolume): string {
  switch (volume.kind) {
    case 'iscsi':
    case 'democraticCsi':
      return `LUN ${volume.lun} of ${code(volume.iqn)} at ${code(volume.targetPortal)}`;
    case 'nfs':
    case 'inlineNfs':
      return code(`${volume.server}:${volume.path}`);
    case 'nfsCsi':
      return code(`${volume.server}:${volume.share}`);
    case 'smb':
      return code(volume.source);
    case 'csi':
      return `${code(describeLocation(kindOf(volume).location(volume, '')))}, by ${code(volume.driver)}`;
    case 'local':
      return `${code(volume.path)} of node ${code(volume.node)}`;
    case 'hostPath':
      return `${code(volume.path)} of the node that it runs on`;
    case 'claim':
      return volume.storageClassName === undefined
        ? "the cluster's default class"
        : `class ${code(volume.storageClassName)}`;
    case 'existingClaim':
      return 'as its maker chose';
    case 'emptyDir':
      return volume.medium === 'Memory' ? "the node's memory" : "the node's disk";
  }
}
