import type { LiveObject } from '../kubernetes/cluster-client';

type Managed = NonNullable<NonNullable<LiveObject['metadata']>['managedFields']>[number];

/**
 * Controllers that apply objects again, by the name under which they write: `manager` of managedFields. Argo CD writes as the first
 * with server-side apply, as the second without; k3s and RKE2 as `deploy@` with the name of a node, for their manifests folder.
 */
const controllers: readonly (readonly [manager: RegExp, name: string])[] = [
  [/^kustomize-controller$/, 'Flux (kustomize-controller)'],
  [/^helm-controller(@|$)/, 'a helm-controller (of Flux, k3s or RKE2)'],
  [/^argocd-(controller|application-controller)$/, 'Argo CD'],
  [/^fleet-?agent$/, 'Fleet'],
  [/^deploy@/, 'k3s or RKE2 (its folder server/manifests)'],
  [/^kapp(-controller|-server-side-apply)?$/, 'kapp'],
  [/^configsync(\.gke\.io)?$/, 'Config Sync'],
  [/^addon-manager$/, "Kubernetes' addon manager"],
  [/^helm$/i, 'Helm'],
];

/** Those that people write with, and what the cluster itself writes. None of them applies anything again. */
const known: readonly RegExp[] = [
  /^kubectl/,
  /^lunward$/,
  /^pulumi/,
  /^kube-controller-manager$/,
  /^before-first-apply$/,
  /^(k9s|lens|openlens|freelens|headlamp|dashboard|kubernetes-dashboard|rancher|portainer|oc)$/i,
  // Editors in a browser, and on Node.js: so does Lunward before it gave its name everywhere.
  /^(Mozilla|node-fetch|node)$/,
];

/** The controller that has written fields of an object, and would again, with the name that it has there. */
export function controllerIn(
  fields: readonly Managed[],
): { readonly name: string; readonly manager: string } | undefined {
  for (const manager of managersOf(fields)) {
    const found = controllers.find(([pattern]) => pattern.test(manager));
    if (found) return { name: found[1], manager };
  }
  return undefined;
}

/** Names under which something has written fields of an object that is known for neither: it may write again. */
export function unknownManagers({ metadata }: LiveObject): string[] {
  const all = managersOf(metadata?.managedFields ?? []);
  const isKnown = (manager: string) =>
    known.some((pattern) => pattern.test(manager)) || controllers.some(([pattern]) => pattern.test(manager));
  return all.filter((manager) => !isKnown(manager));
}

/** Managers that only write the status of an object do not apply it. */
function managersOf(fields: readonly Managed[]): string[] {
  return [
    ...new Set(fields.flatMap(({ manager, subresource }) => (manager && subresource !== 'status' ? [manager] : []))),
  ];
}
