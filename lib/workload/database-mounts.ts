import path from 'node:path';
import type { Database } from './facts';
import type { LiveMount, MediaAppModel } from './model';

type Described = Pick<MediaAppModel, 'mounts' | 'configPath' | 'databases'>;

/**
 * Returns the mounts that contain databases. If mounts are nested (`/config` and `/config/data`), the innermost
 * contains them.
 */
export function databaseMounts({ mounts, configPath, databases }: Described): Map<LiveMount, Database[]> {
  const found = new Map<LiveMount, Database[]>();
  for (const database of databases) {
    const innermost = mountOf(mounts, path.posix.join(configPath, database.path));
    if (innermost) {
      found.set(innermost, [...(found.get(innermost) ?? []), database]);
    }
  }
  return found;
}

/** What an app that has run has left on a volume. */
export interface ExpectedData {
  /**
   * Paths relative to the volume's root of which at least one is a database; `*` matches any characters except `/`.
   * Empty if none is known.
   */
  readonly databases: readonly string[];
  /** Whether the app has its settings there, so it holds at least one file. */
  readonly isConfig: boolean;
}

/** Returns what an app that has run has left on the volume at a mount path. */
export function expectedData(app: Described, mountPath: string): ExpectedData {
  const [mount, databases = []] = [...databaseMounts(app)].find(([one]) => one.mountPath === mountPath) ?? [];
  return {
    databases: databases
      .filter(({ isOptional }) => !isOptional)
      .map((database) => {
        const file = path.posix.relative(mountPath, path.posix.join(app.configPath, database.path));
        return path.posix.join(mount?.subPath ?? '', file);
      }),
    isConfig: mountOf(app.mounts, app.configPath)?.mountPath === mountPath,
  };
}

function mountOf(mounts: readonly LiveMount[], file: string): LiveMount | undefined {
  const around = mounts.filter(({ mountPath }) => isAround(mountPath, file));
  return around.sort((left, right) => right.mountPath.length - left.mountPath.length)[0];
}

/** Whether the volume mounted at `mountPath` contains `file`. */
export function isAround(mountPath: string, file: string): boolean {
  return mountPath === file || file.startsWith(mountPath.endsWith('/') ? mountPath : `${mountPath}/`);
}
