import { bracketed, canonicalHost, canonicalPortal } from '../../core/addresses';
import { type Chap, credentials } from '../chap';
import type { PlannedLun } from '../lun/format-lun';

/** A folder of an NFS server that data is copied from. */
export interface NfsSource {
  /** Address or host name of the server, as the node resolves it. */
  readonly server: string;
  readonly path: string;
  /** `mountOptions` of the PersistentVolume: another version of the protocol shows other owners, or another path. */
  readonly mountOptions?: readonly string[];
}

/** A LUN that data is copied from. */
export interface LunSource {
  readonly disk: PlannedLun;
  /** Of its file system. */
  readonly uuid: string;
  /** Name of the PersistentVolume. */
  readonly volume: string;
  /** As which attempt it was sealed; nothing where lunward has not put its data there. */
  readonly attempt?: number;
  /** Whether the app runs on the node, so that it is mounted there. Else nobody anywhere may use it. */
  readonly isUsed: boolean;
  readonly chap?: Chap;
}

/** Where data is copied from. */
export type CopySource = NfsSource | LunSource;

/** A source as scripts are given it, without what they are given by itself. */
export function sourceParameters(source: CopySource): Record<string, string | number | readonly string[]> {
  if ('disk' in source) {
    const { disk, uuid, volume, attempt } = source;
    return {
      source_kind: 'iscsi',
      source_portal: canonicalPortal(disk.portal),
      source_iqn: disk.iqn,
      source_lun: disk.lun,
      source_bytes: disk.bytes,
      source_wwn: disk.wwn,
      source_uuid: uuid,
      source_volume: volume,
      source_attempt: attempt ?? '',
    };
  }
  const { server, path, mountOptions = [] } = source;
  return {
    source_kind: 'nfs',
    server: mountable(server),
    path,
    options: mountOptions,
  };
}

/** What no hash of a script depends on: secrets, and whether the app happens to run. */
export function sourceSecrets(source: CopySource): Record<string, string | readonly string[]> {
  if (!('disk' in source)) return {};
  return { source_chap: credentials(source.chap), source_used: source.isUsed ? 'yes' : 'no' };
}

/** A server in its canonical form, as mount(8) takes it: an IPv6 address in brackets alone. */
export function mountable(server: string): string {
  return bracketed(canonicalHost(server));
}
