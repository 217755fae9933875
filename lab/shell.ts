import { spawn } from 'node:child_process';
import { quote } from '../lib/scripts/quote';
import type { Lab } from './lab';

/** Opens a shell on a machine in this terminal, or runs a command there; returns its exit code. */
export async function openShell(lab: Lab, name: string, command: readonly string[]): Promise<number> {
  const { isRunning } = await lab.machine(name).status();
  if (!isRunning) throw new Error(`${name} is off: power it on first`);
  const child = spawn(
    'ssh',
    [
      ...['-F', await lab.writeSshConfig(), `root@${name}`],
      // The remote shell gets one text, whatever the number of words.
      ...(command.length > 0 ? [command.map(quote).join(' ')] : []),
    ],
    { stdio: 'inherit' },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
