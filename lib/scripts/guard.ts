import { readScript } from './script-files';

/**
 * The text for `sh -c` that exits with 0 only if a folder is the root of the volume that was sealed as an attempt.
 * These arguments follow it: a name for the shell, the folder, the attempt's number, the name of the PersistentVolume
 * and the UUID of the file system. It needs only a POSIX shell.
 */
export function guardScript(): string {
  return readScript('guard.sh');
}
