import type { LiveCluster } from '../../cluster/live';
import { UserError } from '../../core/problems';
import { movableKinds } from '../../storage/kinds';
import { type DataVolume, isMovable, movable } from '../../storage/registry';
import { isPersistent, kindOf, type PersistentVolume } from '../../volumes/kinds';
import type { SettingPatch } from '../../workload/facts';
import type { LiveMount, MediaAppModel } from '../../workload/model';
import type { Cutover } from '../journal/cutover';

/** What a description asks for of a volume of an app. */
export type WantedVolume = { readonly mountPath: string } /** A first volume that has a file system of its own. */ & (
  | { readonly action: 'format'; readonly target: DataVolume }
  | WantedMove
  /** State on a network file system, without a later generation. */
  | { readonly action: 'describe'; readonly source: DataVolume }
  | { readonly action: 'none'; readonly reason: string }
);

/** The app of this name. @throws UserError with the names that there are. */
export function appOf({ apps }: LiveCluster, name: string): MediaAppModel {
  const app = apps[name];
  if (app) return app;
  const names = Object.keys(apps);
  throw new UserError(
    `The description has no app "${name}": expected ${names.length > 0 ? names.join(', ') : 'at least one in apps'}`,
    { category: 'usage', code: 'no-such-app' },
  );
}

/** What is wanted of the volumes of an app: those with a history, and its config volume. */
export function wantedVolumes(app: MediaAppModel): WantedVolume[] {
  return app.mounts.flatMap((mount): WantedVolume[] => {
    const { mountPath, volume: live } = mount;
    const target = newest(mount);
    if (!target || !isPersistent(live)) return [];
    if (target !== live) return [{ mountPath, ...move(live, target, patchesOf(app, mountPath)) }];
    const isFirst = mount.generations.length === 1;
    if (isFirst && isMovable(target) && movable(target).fileSystems) return [{ mountPath, action: 'format', target }];
    if (mountPath !== app.configPath && isFirst) return [];
    if (isMovable(live) && movable(live).isShare) return [{ mountPath, action: 'describe', source: live }];
    return [{ mountPath, action: 'none', reason: `its data is on ${describe(live)}, the newest that is described` }];
  });
}

/**
 * What an app is in the middle of moving.
 *
 * @throws UserError where the description has not all of it any more
 */
export function movesUnderWay(
  app: MediaAppModel,
  { volumes }: Pick<Cutover, 'volumes'>,
): (WantedMove & { mountPath: string })[] {
  return volumes.map(({ mountPath, from, to }) => {
    const mount = app.mounts.find((one) => one.mountPath === mountPath);
    const named = (name: string) => mount?.generations.filter(isPersistent).find((volume) => volume.name === name);
    const [source, target] = [named(from), named(to)];
    const moved = source && target && move(source, target, patchesOf(app, mountPath));
    if (moved?.action === 'move') return { mountPath, ...moved };
    throw new UserError(
      `The move of app "${app.name}" from ${from} to ${to} at ${mountPath} is known to the journal, and the description does not have both any more: put their lines back`,
      { category: 'usage', code: 'generation-missing' },
    );
  });
}

function patchesOf(app: MediaAppModel, mountPath: string): readonly SettingPatch[] {
  return mountPath === app.configPath ? (app.props.facts?.patches ?? []) : [];
}

export type WantedMove = {
  readonly action: 'move';
  readonly source: DataVolume;
  readonly target: DataVolume;
  /** What the catalog knows to change where an app goes from a share to a block device; see `patchesOfMove`. */
  readonly patches: readonly SettingPatch[];
};

function move(
  source: PersistentVolume,
  target: PersistentVolume,
  patches: readonly SettingPatch[],
): WantedMove | { action: 'none'; reason: string } {
  if (isMovable(source) && isMovable(target)) {
    // What is right on a disk is right on the next one, and on a share on the next.
    return {
      action: 'move',
      source,
      target,
      patches: movable(source).isShare === movable(target).isShare ? [] : patches,
    };
  }
  return {
    action: 'none',
    reason: `a move from ${describe(source)} to ${describe(target)} is not made yet: only between volumes of ${Object.keys(movableKinds).join(', ')}`,
  };
}

function describe(volume: PersistentVolume): string {
  return `"${volume.name}" (${kindOf(volume).kind})`;
}

function newest({ generations }: LiveMount): PersistentVolume | undefined {
  const volume = generations.at(-1);
  return volume && isPersistent(volume) ? volume : undefined;
}
