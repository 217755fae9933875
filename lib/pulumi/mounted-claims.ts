import type { LiveObject } from '../kubernetes/cluster-client';

interface Workload {
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

/** The claims that the containers of a workload mount, by where. */
export function claimsByMountPath({ spec }: Pick<LiveObject, 'spec'>): Readonly<Record<string, string>> {
  const { containers = [], volumes = [] } = (spec as Workload | undefined)?.template?.spec ?? {};
  const claims = new Map(volumes.map(({ name, persistentVolumeClaim }) => [name, persistentVolumeClaim?.claimName]));
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  return Object.fromEntries(
    mounts.flatMap(({ name, mountPath }) => {
      const claim = claims.get(name);
      return claim ? [[mountPath, claim]] : [];
    }),
  );
}
