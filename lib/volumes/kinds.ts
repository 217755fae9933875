import { claimKind, type DynamicClaimVolume } from './claim';
import { type ConfigMapVolume, configMapKind } from './config-map';
import { type CsiVolume, csiKind } from './csi';
import { type DemocraticCsiVolume, democraticCsiKind } from './democratic-csi';
import { type EmptyDirVolume, emptyDirKind } from './empty-dir';
import { type ExistingClaimVolume, existingClaimKind } from './existing-claim';
import { type HostPathVolume, hostPathKind } from './host-path';
import { type InlineNfsVolume, inlineNfsKind } from './inline-nfs';
import { type IscsiVolume, iscsiKind } from './iscsi';
import type { InlineKind, PersistentKind } from './kind';
import { type LocalVolume, localKind } from './local';
import { type NfsVolume, nfsKind } from './nfs';
import { type NfsCsiVolume, nfsCsiKind } from './nfs-csi';
import { type SecretVolume, secretKind } from './secret';
import { type SmbVolume, smbKind } from './smb';

/** Storage that outlives the pod and that pods mount through a claim. */
export type PersistentVolume =
  | IscsiVolume
  | NfsVolume
  | SmbVolume
  | NfsCsiVolume
  | CsiVolume
  | DemocraticCsiVolume
  | LocalVolume
  | DynamicClaimVolume
  | ExistingClaimVolume;

/** A volume that is part of the pod. */
export type InlineVolume = InlineNfsVolume | EmptyDirVolume | ConfigMapVolume | SecretVolume | HostPathVolume;

type PersistentKinds = {
  readonly [Kind in PersistentVolume['kind']]: PersistentKind<Extract<PersistentVolume, { kind: Kind }>>;
};
type InlineKinds = { readonly [Kind in InlineVolume['kind']]: InlineKind<Extract<InlineVolume, { kind: Kind }>> };

/** All kinds of persistent storage, by their `kind`. */
export const persistentKinds: PersistentKinds = {
  iscsi: iscsiKind,
  nfs: nfsKind,
  smb: smbKind,
  nfsCsi: nfsCsiKind,
  csi: csiKind,
  democraticCsi: democraticCsiKind,
  local: localKind,
  claim: claimKind,
  existingClaim: existingClaimKind,
};

/** All kinds of volumes without a claim, by their `kind`. */
export const inlineKinds: InlineKinds = {
  inlineNfs: inlineNfsKind,
  emptyDir: emptyDirKind,
  configMap: configMapKind,
  secret: secretKind,
  hostPath: hostPathKind,
};

/** Returns the kind of a persistent volume. */
export function kindOf(volume: PersistentVolume): PersistentKind<PersistentVolume> {
  return persistentKinds[volume.kind] as PersistentKind<never> as PersistentKind<PersistentVolume>;
}

/** Returns the kind of an inline volume. */
export function inlineKindOf(volume: InlineVolume): InlineKind<InlineVolume> {
  return inlineKinds[volume.kind] as InlineKind<never> as InlineKind<InlineVolume>;
}

/** Whether pods mount a volume through a claim. */
export function isPersistent(volume: PersistentVolume | InlineVolume): volume is PersistentVolume {
  return volume.kind in persistentKinds;
}
