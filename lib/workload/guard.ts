import { compact, type V1Container, type V1VolumeMount } from '../core/kubernetes';
import { guardScript } from '../scripts/guard';
import { isPersistent } from '../volumes/kinds';
import { persistentVolumeName, type StaticVolumeProps } from '../volumes/static-volume';
import type { MediaAppModel, Seal } from './model';

/** Mount path in a guard of the volume that it checks. */
const FOLDER = '/lunward';

const NAME = 'lunward-guard';

/** Whether a container, or a container status, belongs to a guard. */
export function isGuard({ name }: { readonly name: string }): boolean {
  return /^lunward-guard(-\d+)?$/.test(name);
}

/**
 * Describes for a message which volume and attempt a guard accepts.
 *
 * @param container as made by `guardContainers`
 */
export function guardText({ args }: { readonly args?: unknown }): string {
  const [, , attempt = '?', volume = '?'] = Array.isArray(args) ? args : [];
  return `the guard of attempt ${attempt} of PersistentVolume ${volume}`;
}

/** Reads which seal a guard accepts. @param container as made by `guardContainers` */
export function acceptedSeal({ args = [] }: { readonly args?: readonly string[] }): Seal {
  const [, , attempt, , uuid = ''] = args;
  return { attempt: Number(attempt), uuid };
}

/**
 * Makes the guards: init containers that let the app start only on the volumes that its data was moved to. Each sealed
 * volume gets one guard. It accepts only a volume whose root has the marker of the sealed attempt.
 *
 * A guard uses the app's own image, so no other image has to be pulled. It needs only the image's shell.
 *
 * @param volumeMounts mounts of the app's container, in the order of the app's mounts
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
      // A quota or a policy of the namespace applies to the guard as it does to the app's container.
      resources,
      securityContext: withoutPrivileges(container.securityContext),
      // `kubectl describe pod` then shows why the guard refuses.
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
