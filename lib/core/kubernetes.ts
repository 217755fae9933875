export type {
  V1Affinity,
  V1Container,
  V1DeploymentStrategy,
  V1EnvVarSource,
  V1KeyToPath,
  V1PersistentVolumeSpec,
  V1PodSpec,
  V1Probe,
  V1ResourceRequirements,
  V1Volume,
  V1VolumeMount,
  V1VolumeNodeAffinity,
} from '@kubernetes/client-node' with { 'resolution-mode': 'import' };

/** An object in the form that `kubectl apply` accepts. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The part of `metadata` that the user decides. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Copies an object without properties that are undefined or an empty object, so that manifests contain only what is
 * meant.
 */
export function compact<T extends object>(object: T): T {
  const result: Partial<T> = {};
  for (const key of Object.keys(object) as (keyof T)[]) {
    if (!isNothing(object[key])) {
      result[key] = object[key];
    }
  }
  return result as T;
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0)
  );
}
