import * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { Manifest } from '../core/kubernetes';
import { resourceName } from './object-reference';
import { withoutAwait } from './skip-await';

type ResourceClass = new (name: string, args: object, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;
type Group = Readonly<Record<string, Readonly<Record<string, ResourceClass>>>>;

/** Creates the typed Pulumi resource of a manifest; a kind without a Pulumi type becomes a `CustomResource`. */
export function manifestResource(manifest: Manifest, options: pulumi.CustomResourceOptions): pulumi.CustomResource {
  const Typed = typedClass(manifest) ?? (kubernetes.apiextensions.CustomResource as unknown as ResourceClass);
  return new Typed(resourceName(manifest), withoutNeedlessWaits(manifest), options);
}

/**
 * Pulumi would wait for a Service's endpoints, which an app with zero replicas never has, and for an address in an
 * Ingress' status, which not every controller writes. The Deployment shows whether the app is up.
 */
function withoutNeedlessWaits(manifest: Manifest): Manifest {
  return manifest.kind === 'Service' || manifest.kind === 'Ingress' ? withoutAwait(manifest) : manifest;
}

function typedClass({ apiVersion, kind }: Manifest): ResourceClass | undefined {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  // `apps` and `networking.k8s.io` are Kubernetes' own; `apps.example.com` is another group with the same first word.
  const isOwn = !group.includes('.') || group.endsWith('.k8s.io');
  const groups = kubernetes as unknown as Readonly<Record<string, Group>>;
  return isOwn ? groups[group.split('.')[0] || 'core']?.[version]?.[kind] : undefined;
}
