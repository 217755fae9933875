import { bracketed, canonicalHost, canonicalPortal } from '../../core/addresses';
import { type Chap, credentials } from '../chap';
import type { PlannedLun } from '../lun/format-lun';
import type { Parameter } from '../script';

/** An NFS folder that data is copied from. */
export interface NfsSource {
  /** Address or host name of the server, as the node resolves it. */
  readonly server: string;
  readonly path: string;
  /**
   * `mountOptions` of the PersistentVolume: another protocol version shows other owners, or another path. Default:
   * none.
   */
  readonly mountOptions?: readonly string[];
}

/** A LUN that data is copied from. */
export interface LunSource {
  readonly disk: PlannedLun;
  /** UUID of its file system. */
  readonly uuid: string;
  /** Name of the PersistentVolume. */
  readonly volume: string;
  /** The attempt that it was sealed as; undefined if Lunward did not put its data there. */
  readonly attempt?: number;
  /** Whether the app runs on the node, so the LUN is mounted there. If false, no node may use it. */
  readonly isUsed: boolean;
  readonly chap?: Chap;
}

/** A place of any other kind that data is copied from, as parameters of its `bash/source-KIND.sh`. */
export interface KindSource {
  readonly kind: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** Where data is copied from. */
export type CopySource = NfsSource | LunSource | KindSource;

/** A source as script parameters, without secrets. */
export function sourceParameters(source: CopySource): Record<string, Parameter> {
  if ('parameters' in source) return { source_kind: source.kind, ...source.parameters };
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

/** Parameters that are left out of a script's hash: secrets, and whether the app is running. */
export function sourceSecrets(source: CopySource): Record<string, string | readonly string[]> {
  if (!('disk' in source)) return {};
  return { source_chap: credentials(source.chap), source_used: source.isUsed ? 'yes' : 'no' };
}

/** A server in its canonical form, as mount(8) takes it: only an IPv6 address is in brackets. */
export function mountable(server: string): string {
  return bracketed(canonicalHost(server));
}
