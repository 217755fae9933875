import { compact, type V1Container, type V1VolumeMount } from '../core/kubernetes';
import { guardScript } from '../scripts/guard';
import { isPersistent } from '../volumes/kinds';
import { persistentVolumeName, type StaticVolumeProps } from '../volumes/static-volume';
import type { MediaAppModel } from './model';

/** Where a guard sees the root of the volume that it guards. */
const FOLDER = '/lunward';

const NAME = 'lunward-guard';

/** Whether a container, or the status of one, is a guard's. */
export function isGuard({ name }: { readonly name: string }): boolean {
  return /^lunward-guard(-\d+)?$/.test(name);
}

/** What a guard lets the app start on, in words. @param container as `guardContainers` makes it */
export function guardText({ args }: { readonly args?: unknown }): string {
  const [, , attempt = '?', volume = '?'] = Array.isArray(args) ? args : [];
  return `the guard of attempt ${attempt} of PersistentVolume ${volume}`;
}

/**
 * Init containers that let the app start only on the volumes that its data was moved to: one for each, which wants the marker
 * of the attempt that was sealed at the volume's root. They are of the app's own image, so that none has to be pulled for them;
 * of what is in it they run its shell alone.
 *
 * @param volumeMounts of the app's container, in the order of its mounts
 */
export function guardContainers(app: MediaAppModel, volumeMounts: readonly V1VolumeMount[]): V1Container[] {
  const guarded = app.mounts.flatMap(({ volume, seal }, index) => {
    const name = volumeMounts[index]?.name;
    return seal && name && isPersistent(volume) ? [{ name, seal, volume: volume as StaticVolumeProps }] : [];
  });
  const { container = {}, image, resources } = app.props;
  return guarded.map(({ name, seal, volume }, index) =>
    compact({
      name: index === 0 ? NAME : `${NAME}-${index + 1}`,
      image,
      imagePullPolicy: container.imagePullPolicy,
      command: ['/bin/sh', '-c', guardScript()],
      args: [NAME, FOLDER, String(seal.attempt), persistentVolumeName(volume), seal.uuid],
      // What a quota or a policy of the namespace wants of the app's container it wants of this one too.
      resources,
      securityContext: withoutPrivileges(container.securityContext),
      // Why it refuses is then told by `kubectl describe pod`.
      terminationMessagePolicy: 'FallbackToLogsOnError',
      volumeMounts: [{ name, mountPath: FOLDER, readOnly: true }],
    }),
  );
}

function withoutPrivileges(context: V1Container['securityContext']): V1Container['securityContext'] {
  if (!context) return undefined;
  const { privileged: _, capabilities: __, ...rest } = context;
  return { ...rest, ...(context.capabilities?.drop && { capabilities: { drop: [...context.capabilities.drop] } }) };
}
