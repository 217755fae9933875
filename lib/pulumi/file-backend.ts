import { homedir } from 'node:os';
import path from 'node:path';

/** A stack whose state may be in a folder of this machine. */
export interface StackPlace {
  /** Of the backend, as `pulumi whoami` says it. */
  readonly url: string;
  /** Of the project, for a `url` that is relative. */
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
}

/** Where a backend keeps its files; nothing where it is no folder. */
export function backendFolder({ url, folder }: Pick<StackPlace, 'url' | 'folder'>): string | undefined {
  if (!url.startsWith('file://')) return undefined;
  const [place = ''] = url.slice('file://'.length).split('?');
  return path.resolve(folder, place.replace(/^~/, homedir()), '.pulumi');
}
