import { at } from '../../core/paths';
import type { Problem, Warning } from '../../core/problems';
import { isPersistent, kindOf } from '../../volumes/kinds';
import { databaseMounts } from '../database-mounts';
import { describedAt, isSingleWriter, type LiveMount, type MediaAppModel } from '../model';

/** Lists settings that let two pods write one database or one single-writer volume. */
export function writerProblems(app: MediaAppModel, where: string): Problem[] {
  const [guarded] = [...singleWriterVolumes(app), ...databaseVolumes(app)];
  if (!guarded) {
    return [];
  }
  const reason = `of ${guarded}, which one pod at a time may write`;
  const problems: Problem[] = [];
  if ((app.props.replicas ?? 1) > 1) {
    problems.push({ path: at(where, 'replicas'), value: app.props.replicas, expected: `0 or 1 because ${reason}` });
  }
  if (surges(app)) {
    problems.push({
      path: at(where, 'strategy'),
      value: app.props.strategy,
      expected: `a strategy without surge because ${reason}`,
      remedy: 'leave it out for Recreate, or write rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }',
    });
  }
  return problems;
}

/** Warns about databases on a network file system, unless the description gives a reason for it. */
export function networkFileSystemWarnings(app: MediaAppModel, where: string): Warning[] {
  if (app.props.networkFileSystemReason !== undefined) {
    return [];
  }
  return [...databaseMounts(app)]
    .filter(([{ volume }]) => (isPersistent(volume) ? kindOf(volume).networkFileSystem(volume) : isInlineNfs(volume)))
    .map(([mount, databases]) => ({
      path: describedAt(app, mount, where),
      message:
        `${databases.map((database) => database.path).join(', ')} will live on a network file system ` +
        `(${nameOf(mount)}), where SQLite's locks and shared memory can't be relied on: ` +
        'expect "database is locked" and, in the end, a damaged database. Move it to a block device or a local volume, ' +
        'or say in networkFileSystemReason why it may stay',
    }));
}

// Checks every generation, not only the live one: a strategy that does not fit must be reported before the migration.
function singleWriterVolumes(app: MediaAppModel): string[] {
  return app.mounts.flatMap(({ mountPath, generations }) =>
    generations
      .filter(isPersistent)
      .filter(isSingleWriter)
      .map((volume) => `"${volume.name}" at ${mountPath}`),
  );
}

function databaseVolumes(app: MediaAppModel): string[] {
  return [...databaseMounts(app).keys()].map((mount) => `the database on ${nameOf(mount)} at ${mount.mountPath}`);
}

function nameOf({ volume }: LiveMount): string {
  return isPersistent(volume) ? `"${volume.name}", ${volume.kind}` : volume.kind;
}

function isInlineNfs(volume: LiveMount['volume']): boolean {
  return volume.kind === 'inlineNfs';
}

function surges({ props: { strategy } }: MediaAppModel): boolean {
  if (!strategy || strategy.type === 'Recreate') {
    return false;
  }
  const surge = strategy.rollingUpdate?.maxSurge;
  return !['0', '0%'].includes(String(surge));
}
