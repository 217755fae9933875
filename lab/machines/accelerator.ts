import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MACHINE_TYPE } from './arguments';

/** What runs the machines' processors. */
export type Accelerator = 'kvm' | 'tcg';

const BOOT_SECONDS = 20;

/**
 * Finds out whether KVM can be used. `/dev/kvm` may open, and even make a processor, and still not boot a stock kernel:
 * only a boot counts, up to what the first line of lab/image/init.sh says on the serial line.
 */
export async function findAccelerator(kernel: string, initialRamDisk: string): Promise<Accelerator> {
  const usable = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return usable && (await boots(kernel, initialRamDisk)) ? 'kvm' : 'tcg';
}

async function boots(kernel: string, initialRamDisk: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'lunward-kvm-'));
  const serial = join(folder, 'serial.log');
  const machine = spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', 'kvm', '-cpu', 'host,migratable=on', '-machine', MACHINE_TYPE, '-m', '256'],
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-serial', `file:${serial}`],
      ...['-kernel', kernel, '-initrd', initialRamDisk, '-append', 'console=ttyS0'],
    ],
    { stdio: 'ignore' },
  );
  let ended = false;
  const end = new Promise<void>((resolve) => {
    machine.once('exit', () => resolve());
    machine.once('error', () => resolve());
  }).then(() => {
    ended = true;
  });
  try {
    const deadline = Date.now() + BOOT_SECONDS * 1000;
    while (!ended && Date.now() < deadline) {
      const lines = await readFile(serial, 'utf8').catch(() => '');
      if (lines.includes('lab: the kernel runs')) return true;
      await sleep(100);
    }
    return false;
  } finally {
    machine.kill('SIGKILL');
    await end;
    await rm(folder, { recursive: true, force: true });
  }
}
