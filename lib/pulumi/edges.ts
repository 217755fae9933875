import type { Manifest } from '../core/kubernetes';

/** The manifests that must exist before `manifest`, found by the names that it mentions. */
export function dependenciesOf(manifest: Manifest, all: readonly Manifest[]): Manifest[] {
  return all.filter((other) => other !== manifest && dependsOn(manifest, other));
}

function dependsOn(manifest: Manifest, other: Manifest): boolean {
  if (other.kind === 'Namespace') {
    return manifest.metadata.namespace === other.metadata.name;
  }
  if (other.kind === 'PersistentVolume') {
    return manifest.kind === 'PersistentVolumeClaim' && manifest.spec?.volumeName === other.metadata.name;
  }
  if (other.metadata.namespace !== manifest.metadata.namespace) {
    return false;
  }
  if (other.kind === 'PersistentVolumeClaim') {
    return claimNames(manifest).includes(other.metadata.name);
  }
  return other.kind === 'Service' && serviceNames(manifest).includes(other.metadata.name);
}

interface PodTemplateSpec {
  readonly template?: {
    readonly spec?: {
      readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
    };
  };
}

function claimNames({ spec }: Manifest): string[] {
  const volumes = (spec as PodTemplateSpec | undefined)?.template?.spec?.volumes ?? [];
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

interface RouteSpec {
  readonly rules?: readonly {
    readonly http?: {
      readonly paths?: readonly { readonly backend?: { readonly service?: { readonly name: string } } }[];
    };
    readonly backendRefs?: readonly { readonly name: string }[];
  }[];
}

function serviceNames({ kind, spec }: Manifest): string[] {
  if (kind !== 'Ingress' && kind !== 'HTTPRoute') {
    return [];
  }
  return ((spec as RouteSpec | undefined)?.rules ?? []).flatMap(({ http, backendRefs }) => [
    ...(http?.paths ?? []).flatMap(({ backend }) => backend?.service?.name ?? []),
    ...(backendRefs ?? []).map(({ name }) => name),
  ]);
}
