import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { isPodOf } from '../../kubernetes/pods-of-app';
import type { MediaAppModel } from '../../workload/model';

/** A pod of an app. */
export interface AppPod {
  readonly name: string;
  /** Default: the scheduler has not placed it. */
  readonly node?: string;
  /** As Kubernetes has it, or Terminating. */
  readonly phase: string;
  readonly ready: boolean;
  /** Names of the claims that it mounts, by mount path. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Those of one app, by name. */
export function appPods(model: Pick<MediaAppModel, 'namespace' | 'selector'>, pods: readonly V1Pod[]): AppPod[] {
  return pods
    .filter((pod) => isPodOf(model, pod))
    .map(appPod)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function appPod(pod: V1Pod): AppPod {
  const { metadata, spec, status } = pod;
  return {
    name: metadata?.name ?? '',
    ...(spec?.nodeName && { node: spec.nodeName }),
    phase: metadata?.deletionTimestamp ? 'Terminating' : (status?.phase ?? 'Unknown'),
    ready: status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false,
    claims: claimsOf(pod),
  };
}

// Of a folder in the volume (`subPath`) it is the same claim.
function claimsOf({ spec }: V1Pod): Record<string, string> {
  const claims = new Map(
    spec?.volumes?.map(({ name, persistentVolumeClaim }) => [name, persistentVolumeClaim?.claimName]),
  );
  return Object.fromEntries(
    (spec?.containers ?? []).flatMap(({ volumeMounts = [] }) =>
      volumeMounts.flatMap(({ name, mountPath }) => {
        const claim = claims.get(name);
        return claim === undefined ? [] : [[mountPath, claim] as const];
      }),
    ),
  );
}
