import type { LiveObject } from '../kubernetes/cluster-client';
import { controllerIn } from './field-managers';

/** Who applies an app: a supported owner, or the name of another one. */
export type OwnerKind = 'pulumi' | 'kubectl' | OtherOwner;

/** One that applies an app again while it is moved. */
export interface OtherOwner {
  readonly other: string;
  /** The name in managedFields, if nothing else shows it: it may no longer apply the app. */
  readonly manager?: string;
}

type Marks = Readonly<Record<string, string>>;

const FLUX = 'toolkit.fluxcd.io/name';
/** Of wrangler, by which k3s, RKE2 and Rancher apply sets of objects. */
const OBJECTSET = 'objectset.rio.cattle.io';

/**
 * Who applies an object, by the marks on it. A controller comes first: it keeps applying, whoever else has written there.
 */
export function ownerKindOf({ metadata }: LiveObject): OwnerKind {
  const { labels = {}, annotations = {}, managedFields = [], ownerReferences = [] } = metadata ?? {};
  const owner = ownerReferences.find(({ controller }) => controller);
  if (owner) return { other: `its controller, ${owner.kind} ${owner.name} (${owner.apiVersion})` };
  const marked = controllerOf(labels, annotations);
  if (marked) return { other: marked };
  const written = controllerIn(managedFields);
  if (written) return { other: written.name, manager: written.manager };
  return managedFields.some(({ manager }) => manager?.startsWith('pulumi-kubernetes')) ? 'pulumi' : 'kubectl';
}

function controllerOf(labels: Marks, annotations: Marks): string | undefined {
  const kustomization = labels[`kustomize.${FLUX}`];
  if (kustomization) return `Flux (Kustomization ${kustomization})`;
  const helmRelease = labels[`helm.${FLUX}`];
  if (helmRelease) return `Flux (HelmRelease ${helmRelease})`;
  // The application's name is all before the first colon: `app:group/kind:namespace/name`.
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const application = tracked ?? labels['argocd.argoproj.io/instance'];
  if (application) return `Argo CD (Application ${application})`;
  const kapp = labels['kapp.k14s.io/app'];
  if (kapp) return `kapp (app ${kapp})`;
  return addonOf(labels, annotations) ?? helmOf(labels, annotations);
}

/** What the system applies that the cluster runs on. */
function addonOf(labels: Marks, annotations: Marks): string | undefined {
  const mode = labels['addonmanager.kubernetes.io/mode'];
  if (mode) return `Kubernetes' addon manager (mode ${mode})`;
  const isMarked = [...Object.keys(labels), ...Object.keys(annotations)].some((key) => key.startsWith(`${OBJECTSET}/`));
  if (!isMarked) return undefined;
  const name = annotations[`${OBJECTSET}/owner-name`] || annotations[`${OBJECTSET}/id`] || 'without a name';
  const isAddon = annotations[`${OBJECTSET}/owner-gvk`]?.includes('Kind=Addon');
  return isAddon ? `k3s or RKE2 (its folder server/manifests, Addon ${name})` : `Rancher or Fleet (objectset ${name})`;
}

function helmOf(labels: Marks, annotations: Marks): string | undefined {
  const release = annotations['meta.helm.sh/release-name'];
  if (release) return `Helm (release ${release})`;
  return labels['app.kubernetes.io/managed-by'] === 'Helm' ? 'Helm' : undefined;
}
