import type { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { finalCopy } from '../../../lib/scripts/copy/final-copy';
import type { SealedVolumeProps } from '../../../lib/scripts/copy/verify-volume';
import { type FileSystemType, formatLun, type PlannedLun } from '../../../lib/scripts/lun/format-lun';
import { probeLun } from '../../../lib/scripts/lun/probe-lun';
import type { Script } from '../../../lib/scripts/script';
import type { Lab } from '../../lab';
import type { LabMachine } from '../../machine';
import type { Lun } from '../../nas/nas';
import { UUID } from './building-volumes';
import { iqnOf, logIn, logOut, PORTAL } from './log-in';
import { flipOnLun, placeOnLun } from './lun-bytes';

/** The volume as script parameters. */
export type SealedLunProps = SealedVolumeProps & { readonly target: PlannedLun };

const portal = `${PORTAL}:3260`;

interface SealedVolumeSpec {
  /** Of its target and its PersistentVolume. */
  readonly name: string;
  readonly size: string;
  /** A folder that the NAS exports by NFS. */
  readonly source: string;
  /** @default ext4 */
  readonly type?: FileSystemType;
}

/** A volume that a node has filled from a folder of the NAS, and sealed. */
export class SealedVolume {
  private constructor(
    private readonly lab: Lab,
    private readonly node: SshExecutor,
    readonly lun: Lun,
    /** Its script parameters while nothing uses it. */
    readonly props: SealedLunProps,
    /** SHA-256 of the list of what it held. */
    readonly manifest: string,
  ) {}

  static async of(
    lab: Lab,
    node: SshExecutor,
    { name, size, source, type = 'ext4' }: SealedVolumeSpec,
  ): Promise<SealedVolume> {
    const iqn = iqnOf(name);
    const lun = await lab.nas.createLun({ iqn, lun: 1, size });
    const { luns } = await facts(node, probeLun({ portal, iqn, lun: 1 }));
    const target = { portal, iqn, lun: 1, bytes: luns[0]?.bytes ?? 0, wwn: luns[0]?.wwn ?? '' };
    const attempt = { volume: name, attempt: 1, uuid: UUID };
    await facts(node, formatLun(target, attempt, type));
    const copy = { source: { server: PORTAL, path: source }, target, attempt, fileSystem: type, patches: [] };
    const { manifest } = await facts(node, finalCopy(copy));
    return new SealedVolume(lab, node, lun, { target, attempt, isUsed: false }, manifest);
  }

  facts<Facts>(script: Script<Facts>): Promise<Facts> {
    return facts(this.node, script);
  }

  /** Has a machine use it for a while, as the kubelet does for a pod: it is mounted there in this folder. */
  async used(
    machine: LabMachine,
    folder: string,
    work: (used: SealedLunProps) => Promise<void>,
    options = 'strictatime',
  ): Promise<void> {
    const device = await logIn(machine, this.lun.iqn);
    await machine.run('mkdir', ['-p', folder]);
    await machine.run('mount', ['-o', options, device, folder]);
    try {
      await work({ ...this.props, isUsed: true });
    } catch (error) {
      // Reports the original failure, not a failure that follows from it.
      await machine.tryRun('umount', ['--lazy', folder]);
      await logOut(machine, this.lun.iqn).catch(() => {});
      throw error;
    }
    await machine.run('umount', [folder]);
    await logOut(machine, this.lun.iqn);
  }

  /** The offset on the LUN of some bytes that are on it once. */
  placeOf(bytes: string): Promise<number> {
    return placeOnLun(this.lab, this.lun, bytes);
  }

  /** Overwrites a byte on the NAS's disks: no initiator notices. */
  flip(place: number, byte?: string): Promise<void> {
    return flipOnLun(this.lab, this.lun, place, byte);
  }
}

async function facts<Facts>(node: SshExecutor, script: Script<Facts>): Promise<Facts> {
  const report = await node.run(script);
  if (report.result === 'declined') throw new Error(`${script.name} declined: ${report.reason}`);
  return report.facts;
}
