import type { SshExecutor } from '../../../lib/nodes/ssh/ssh';
import { type Attempt, formatLun, type PlannedLun } from '../../../lib/scripts/lun/format-lun';
import { probeLun } from '../../../lib/scripts/lun/probe-lun';
import type { Script } from '../../../lib/scripts/script';
import type { Lab } from '../../lab';
import type { LabMachine } from '../../machine';
import { iqnOf, logIn, logOut, PORTAL } from './log-in';

/** UUID of the file system on all of these volumes. */
export const UUID = '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01';
/** Where another node mounts a volume. */
export const MOUNTED = '/mnt/copied';
const portal = `${PORTAL}:3260`;

/** A volume that data is copied to. */
export interface BuildingVolume {
  readonly target: PlannedLun;
  readonly attempt: Attempt;
  readonly fileSystem: 'ext4';
}

/** Volumes that a node is building. */
export class BuildingVolumes {
  constructor(
    /** Its lab may be set later. */
    private readonly fixture: { readonly lab: Lab },
    private readonly node: SshExecutor,
  ) {}

  async make(name: string, size: string): Promise<BuildingVolume> {
    await this.fixture.lab.nas.createLun({ iqn: iqnOf(name), lun: 1, size });
    const volume = await this.find(name);
    await this.facts(formatLun(volume.target, volume.attempt, 'ext4'));
    return volume;
  }

  /** A volume that was made before. */
  async find(name: string): Promise<BuildingVolume> {
    const { luns } = await this.facts(probeLun({ portal, iqn: iqnOf(name), lun: 1 }));
    const target = { portal, iqn: iqnOf(name), lun: 1, bytes: luns[0]?.bytes ?? 0, wwn: luns[0]?.wwn ?? '' };
    return { target, attempt: { volume: name, attempt: 1, uuid: UUID }, fileSystem: 'ext4' };
  }

  /** Has another node mount a volume for a while. */
  async mounted({ target }: BuildingVolume, access: 'ro' | 'rw', work: (machine: LabMachine) => Promise<void>) {
    const machine = this.fixture.lab.node('node-b');
    const device = await logIn(machine, target.iqn);
    await machine.run('mkdir', ['-p', MOUNTED]);
    await machine.run('mount', ['-o', `${access},noatime`, device, MOUNTED]);
    try {
      await work(machine);
    } finally {
      await machine.run('umount', [MOUNTED]);
      await logOut(machine, target.iqn);
    }
  }

  /** The space that the files of a volume take on its disk. */
  async usedBytes(volume: BuildingVolume): Promise<number> {
    let used = 0;
    await this.mounted(volume, 'ro', async (machine) => {
      used = Number.parseInt(await machine.run('du', ['--summarize', '--block-size=1', MOUNTED]), 10);
    });
    return used;
  }

  /** The facts that a script reports from the node. @throws Error if it declines */
  async facts<Facts>(script: Script<Facts>): Promise<Facts> {
    const report = await this.node.run(script);
    if (report.result === 'declined') throw new Error(report.reason);
    return report.facts;
  }
}
