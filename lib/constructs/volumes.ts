import type { ApiObject } from 'cdk8s';
import type { IPersistentVolumeClaim } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { throwProblems } from '../core/problems';
import { problemsOf } from '../core/schema';
import { claim, type DynamicClaimProps } from '../volumes/claim';
import { type CsiStaticVolumeProps, csi } from '../volumes/csi';
import { type DemocraticCsiStaticVolumeProps, democraticCsi } from '../volumes/democratic-csi';
import { type IscsiStaticVolumeProps, iscsi } from '../volumes/iscsi';
import { kindOf, type PersistentVolume } from '../volumes/kinds';
import { type LocalStaticVolumeProps, local } from '../volumes/local';
import { type NfsStaticVolumeProps, nfs } from '../volumes/nfs';
import { type NfsCsiStaticVolumeProps, nfsCsi } from '../volumes/nfs-csi';
import { type SmbStaticVolumeProps, smb } from '../volumes/smb';
import { persistentVolume } from '../workload/mounts';
import { namespaceFor } from './objects';
import { volumeObject } from './volume-objects';

/** A persistent volume for any chart: its PersistentVolume, if its kind has one, and its claim. */
export class Volume extends Construct {
  /** Name of the claim, for a pod's `persistentVolumeClaim.claimName`. */
  readonly claimName: string;
  /** The PersistentVolume; `undefined` for a dynamic or existing claim. */
  readonly persistentVolume: ApiObject | undefined;
  /** The PersistentVolumeClaim; `undefined` for an existing claim. */
  readonly persistentVolumeClaim: ApiObject | undefined;

  private claim: IPersistentVolumeClaim | undefined;

  /**
   * @throws DescriptionError with every problem of the props, or if the chart has a volume of this name with other
   * props
   * @throws Error if neither the props nor the chart have a namespace
   */
  constructor(scope: Construct, id: string, volume: PersistentVolume) {
    super(scope, id);
    throwProblems(`Volume "${this.node.path}"`, problemsOf(persistentVolume, volume, ''));
    const kind = kindOf(volume);
    const namespace = namespaceFor(this, volume.namespace);
    this.claimName = volume.name;
    this.persistentVolume = this.add('persistent-volume', kind.persistentVolume(volume, namespace));
    this.persistentVolumeClaim = this.add('claim', kind.persistentVolumeClaim(volume, namespace));
    if (this.persistentVolume) {
      this.persistentVolumeClaim?.addDependency(this.persistentVolume);
    }
  }

  /** Returns the claim for cdk8s-plus: `kplus.Volume.fromPersistentVolumeClaim(scope, id, volume.asClaim())`. */
  asClaim(): IPersistentVolumeClaim {
    if (this.claim) {
      return this.claim;
    }
    // Loaded only when needed: cdk8s-plus takes as long to load as everything else together.
    const { PersistentVolumeClaim } = require('cdk8s-plus-28') as typeof import('cdk8s-plus-28');
    this.claim = PersistentVolumeClaim.fromClaimName(this, 'as-claim', this.claimName);
    return this.claim;
  }

  private add(id: string, manifest: Parameters<typeof volumeObject>[2] | undefined): ApiObject | undefined {
    return manifest && volumeObject(this, id, manifest);
  }
}

/** A LUN of an iSCSI target, mounted by the kubelet's in-tree driver. */
export class IscsiStaticVolume extends Volume {
  constructor(scope: Construct, id: string, props: IscsiStaticVolumeProps) {
    super(scope, id, iscsi(props));
  }
}

/** A directory of an NFS server, mounted by the kubelet's in-tree driver. */
export class NfsStaticVolume extends Volume {
  constructor(scope: Construct, id: string, props: NfsStaticVolumeProps) {
    super(scope, id, nfs(props));
  }
}

/** A share of an SMB server, mounted by `smb.csi.k8s.io`. */
export class SmbStaticVolume extends Volume {
  constructor(scope: Construct, id: string, props: SmbStaticVolumeProps) {
    super(scope, id, smb(props));
  }
}

/** A directory of an NFS server, mounted by `nfs.csi.k8s.io`. */
export class NfsCsiStaticVolume extends Volume {
  constructor(scope: Construct, id: string, props: NfsCsiStaticVolumeProps) {
    super(scope, id, nfsCsi(props));
  }
}

/** An existing volume, mounted by any CSI driver. */
export class CsiStaticVolume extends Volume {
  constructor(scope: Construct, id: string, props: CsiStaticVolumeProps) {
    super(scope, id, csi(props));
  }
}

/** A LUN that was made by hand, mounted by democratic-csi's `node-manual` driver. */
export class DemocraticCsiStaticVolume extends Volume {
  constructor(scope: Construct, id: string, props: DemocraticCsiStaticVolumeProps) {
    super(scope, id, democraticCsi(props));
  }
}

/** A directory or block device on one node. */
export class LocalStaticVolume extends Volume {
  constructor(scope: Construct, id: string, props: LocalStaticVolumeProps) {
    super(scope, id, local(props));
  }
}

/** A claim whose volume a StorageClass provisions. */
export class DynamicClaim extends Volume {
  constructor(scope: Construct, id: string, props: DynamicClaimProps) {
    super(scope, id, claim(props));
  }
}
