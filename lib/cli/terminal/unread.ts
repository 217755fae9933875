import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { writeReport } from '../views/moved-text';

/**
 * Writes the last message of a command to a file in the description's folder if it could not be printed, because the terminal or the pipe
 * was closed. An app may be down, and that message says so.
 */
export function keepUnread(
  command: Pick<Command, 'args' | 'opts' | 'name'>,
  said: unknown,
  isUnread: () => boolean,
): void {
  const { file } = command.opts<{ file: string }>();
  // What was printed fails a moment later. Whatever else ends the process then comes after this.
  process.prependOnceListener('exit', () => {
    if (!isUnread() || !existsSync(file)) return;
    const apps = command.args.map((app) => app.replace(/[^\w.-]/g, '_')).join('-');
    const text = said instanceof Error ? (said.stack ?? said.message) : String(said);
    writeReport(file, `${apps}-${command.name()}`, `lunward ${command.name()} could not print how it ended:\n${text}`);
  });
}
