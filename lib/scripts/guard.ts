import { readScript } from './script';

/**
 * The text for `sh -c` that ends with 0 only where a folder is the root of the volume that was sealed as an attempt. Behind it
 * follow a name for the shell, the folder, the number of the attempt, the name of the PersistentVolume and the UUID of the file
 * system. It needs a POSIX shell and nothing else.
 */
export function guardScript(): string {
  return readScript('guard.sh');
}
