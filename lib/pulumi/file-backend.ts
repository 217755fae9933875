import { homedir } from 'node:os';
import path from 'node:path';

/** A stack whose state may be in a folder on this machine. */
export interface StackPlace {
  /** URL of the backend, as `pulumi whoami` prints it. */
  readonly url: string;
  /** Folder of the project, for a relative `url`. */
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
}

/** The folder in which a backend keeps its files; undefined if the backend is not a folder. */
export function backendFolder({ url, folder }: Pick<StackPlace, 'url' | 'folder'>): string | undefined {
  if (!url.startsWith('file://')) return undefined;
  const [place = ''] = url.slice('file://'.length).split('?');
  return path.resolve(folder, place.replace(/^~/, homedir()), '.pulumi');
}
