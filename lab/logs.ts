import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from './lab';

const LINES = 200;

/** Prints the last lines of the log of a machine or a process of the lab. */
export async function printLogs(lab: Lab, part: string): Promise<void> {
  const { machines } = await lab.status();
  if (machines.some(({ name }) => name === part)) {
    for (const file of ['qemu.log', 'serial.log']) print(file, readFileSync(join(lab.folder, part, file), 'utf8'));
    const journal = await lab
      .machine(part)
      .tryRun('journalctl', ['--no-pager', '--lines', String(LINES)])
      .catch(() => undefined);
    print('journal', journal?.stdout ?? `${part} does not answer over SSH`);
    return;
  }
  const processes = join(lab.folder, 'control-plane');
  const file = part === 'supervisor' ? join(lab.folder, 'supervisor.log') : join(processes, `${part}.log`);
  if (!existsSync(file)) {
    const known = readdirSync(processes).flatMap((name) => /^(.*)\.log$/.exec(name)?.[1] ?? []);
    const names = [...machines.map(({ name }) => name), 'supervisor', ...known];
    throw new Error(`no part "${part}" in this lab: expected one of ${names.join(', ')}`);
  }
  print(part, readFileSync(file, 'utf8'));
}

function print(title: string, text: string): void {
  console.log(`== ${title}`);
  console.log(text.trimEnd().split('\n').slice(-LINES).join('\n'));
}
