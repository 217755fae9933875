import { spawn } from 'node:child_process';
import { quote } from '../lib/shell/quote';
import type { Lab } from './lab';

/** Opens a shell on a machine in this terminal, or runs a command there; returns its exit code. */
export async function openShell(lab: Lab, name: string, command: readonly string[]): Promise<number> {
  const { ports, isRunning } = await lab.machine(name).status();
  if (!isRunning) throw new Error(`${name} is off: power it on first`);
  const options = [
    'IdentitiesOnly=yes',
    `HostKeyAlias=${name}`,
    `UserKnownHostsFile=${quoteOption(`${lab.keys}/known_hosts`)}`,
    'StrictHostKeyChecking=yes',
    'LogLevel=ERROR',
  ];
  const child = spawn(
    'ssh',
    [
      ...['-i', `${lab.keys}/id`, '-p', String(ports[22])],
      ...options.flatMap((option) => ['-o', option]),
      'root@127.0.0.1',
      // The far shell reads one text, whatever the number of words.
      ...(command.length > 0 ? [command.map(quote).join(' ')] : []),
    ],
    { stdio: 'inherit' },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** OpenSSH takes a list of files apart at spaces. */
function quoteOption(path: string): string {
  return `"${path}"`;
}
