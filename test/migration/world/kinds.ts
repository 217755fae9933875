import type { V1PersistentVolumeSpec } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { canonicalHost } from '../../../lib/core/addresses';
import { bytesOf } from '../../../lib/core/quantity';
import type { IscsiVolume } from '../../../lib/volumes/iscsi';
import type { NfsVolume } from '../../../lib/volumes/nfs';
import { modelLocal } from '../../storage/third/model';
import type { Parameters } from './parameters';
import { digestOf, type Place } from './storage';

/** What a kind of storage is in the model. A key says where something is among all places of a world. */
export interface ModelKind<V> {
  /** What is there before anything is written. */
  blank(volume: V): Pick<Place, 'name' | 'bytes'>;
  key(volume: V): string;
  /** By the parameters of `bash/source-KIND.sh`, on a node. */
  sourceKey(given: Parameters, node: string): string;
  /** By the parameters of `bash/target-KIND.sh`; none where a script was given another kind of target. */
  targetKey(given: Parameters, node: string): string | undefined;
  /** By what a kubelet mounts on its node. */
  mountedKey(spec: V1PersistentVolumeSpec, node: string): string | undefined;
  /** What the mount table of a node shows. */
  mountSource(place: Place): string;
}

export const lunKey = ({ iqn, lun }: { readonly iqn: string; readonly lun: number }) => `lun ${iqn} ${lun}`;

const folderKey = ({ server, path }: { readonly server: string; readonly path: string }) =>
  `folder ${canonicalHost(server)}:${path}`;

const modelIscsi: ModelKind<IscsiVolume> = {
  blank: ({ iqn, size }) => ({ name: `0x6001405${digestOf({ iqn }).slice(0, 25)}`, bytes: bytesOf(size) }),
  key: lunKey,
  sourceKey: (given) => lunKey({ iqn: given.text('source_iqn'), lun: given.number('source_lun') }),
  targetKey: (given) => (given.has('iqn') ? lunKey({ iqn: given.text('iqn'), lun: given.number('lun') }) : undefined),
  mountedKey: ({ iscsi }) => iscsi && lunKey(iscsi),
  mountSource: () => '/dev/sdb',
};

const modelNfs: ModelKind<NfsVolume> = {
  blank: ({ server, path }) => ({ name: `${server}:${path}`, bytes: 0 }),
  key: folderKey,
  sourceKey: (given) => folderKey({ server: given.text('server'), path: given.text('path') }),
  targetKey: (given) =>
    given.has('target_server')
      ? folderKey({ server: given.text('target_server'), path: given.text('target_path') })
      : undefined,
  mountedKey: ({ nfs }) => nfs && folderKey(nfs),
  mountSource: ({ name }) => name,
};

const kinds: Readonly<Record<string, ModelKind<never>>> = { iscsi: modelIscsi, nfs: modelNfs, local: modelLocal };

export const modelKinds = Object.values(kinds);

export function modelKind(kind: string): ModelKind<{ readonly kind: string }> {
  const found = kinds[kind];
  if (!found) throw new Error(`the model has no storage of kind ${kind}`);
  return found as ModelKind<unknown> as ModelKind<{ readonly kind: string }>;
}
