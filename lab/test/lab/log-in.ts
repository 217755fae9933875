import type { LabMachine } from '../../machine';
import type { Lun } from '../../nas/nas';
import { NAS } from '../../setup/specs';
import { until } from '../until';

/** The address at which the NAS serves LUNs. */
export const PORTAL = NAS.address;

/** The name of a test's target. */
export function iqnOf(name: string): string {
  return `iqn.2000-01.com.example:${name}`;
}

/** Where a machine that is logged in finds a LUN. */
export function devicePath({ iqn, lun }: Pick<Lun, 'iqn' | 'lun'>): string {
  return `/dev/disk/by-path/ip-${PORTAL}:3260-iscsi-${iqn}-lun-${lun}`;
}

/** Logs in to a target, and returns the device of one of its LUNs. */
export async function logIn(machine: LabMachine, iqn: string, lun = 1): Promise<string> {
  await machine.logIn(iqn, PORTAL);
  const device = devicePath({ iqn, lun });
  await until(`${device} on ${machine.name}`, 60, async () => {
    await machine.run('udevadm', ['settle']);
    return (await machine.tryRun('test', ['-b', device])).code === 0;
  });
  return device;
}

export function logOut(machine: LabMachine, iqn: string): Promise<void> {
  return machine.logOut(iqn, PORTAL);
}

/** Has a machine run a script on a LUN, whose device is `$1`. */
export async function onDevice(machine: LabMachine, { iqn, lun }: Lun, command: string): Promise<string> {
  const device = await logIn(machine, iqn, lun);
  const printed = await machine.run('bash', ['-ec', `${command}\nsync`, 'bash', device], { timeoutSeconds: 120 });
  // A disk that LVM has begun to use can't be logged out of.
  await machine.tryRun('vgchange', ['--activate', 'n']);
  await logOut(machine, iqn);
  return printed;
}
