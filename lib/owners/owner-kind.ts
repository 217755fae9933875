import type { LiveObject } from '../kubernetes/cluster-client';

/** Who applies an app: somebody that it can be moved under, or the name of somebody else. */
export type OwnerKind = 'pulumi' | 'kubectl' | { readonly other: string };

const FLUX = 'toolkit.fluxcd.io/name';

/**
 * Who applies an object, by what they leave on it. A controller comes first: it goes on applying, whoever else has written there.
 */
export function ownerKindOf({ metadata }: LiveObject): OwnerKind {
  const { labels = {}, annotations = {}, managedFields = [] } = metadata ?? {};
  const controller = controllerOf(labels, annotations);
  if (controller) return { other: controller };
  return managedFields.some(({ manager }) => manager?.startsWith('pulumi-kubernetes')) ? 'pulumi' : 'kubectl';
}

function controllerOf(
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): string | undefined {
  const kustomization = labels[`kustomize.${FLUX}`];
  if (kustomization) return `Flux (Kustomization ${kustomization})`;
  const helmRelease = labels[`helm.${FLUX}`];
  if (helmRelease) return `Flux (HelmRelease ${helmRelease})`;
  // The application's name is all before the first colon: `app:group/kind:namespace/name`.
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const application = tracked ?? labels['argocd.argoproj.io/instance'];
  if (application) return `Argo CD (Application ${application})`;
  if (labels['app.kubernetes.io/managed-by'] !== 'Helm') return undefined;
  const release = annotations['meta.helm.sh/release-name'];
  return release ? `Helm (release ${release})` : 'Helm';
}
