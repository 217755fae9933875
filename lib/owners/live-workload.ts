import type { LiveObject } from '../kubernetes/cluster-client';
import { replicasOf } from './described-app';
import type { Workload } from './owner';

interface PodTemplate {
  readonly template?: {
    readonly spec?: {
      readonly containers?: readonly {
        readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
      }[];
      readonly volumes?: readonly {
        readonly name: string;
        readonly persistentVolumeClaim?: { readonly claimName: string };
      }[];
    };
  };
}

/** What a live Deployment asks for, and how many of its pods are Ready. */
export function workloadOf(deployment: LiveObject): Workload {
  const { status } = deployment as { readonly status?: { readonly readyReplicas?: number } };
  return {
    replicas: replicasOf(deployment),
    ready: status?.readyReplicas ?? 0,
    claims: claimsByMountPath(deployment),
  };
}

/** The claims that the containers of a workload mount, by where. Where two mount something at one path it is that of the app, the first. */
export function claimsByMountPath({ spec }: Pick<LiveObject, 'spec'>): Readonly<Record<string, string>> {
  const { containers = [], volumes = [] } = (spec as PodTemplate | undefined)?.template?.spec ?? {};
  const claims = new Map(volumes.map(({ name, persistentVolumeClaim }) => [name, persistentVolumeClaim?.claimName]));
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts).reverse();
  return Object.fromEntries(
    mounts.flatMap(({ name, mountPath }) => {
      const claim = claims.get(name);
      return claim ? [[mountPath, claim]] : [];
    }),
  );
}
