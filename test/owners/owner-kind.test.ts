import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../lib/kubernetes/cluster-client';
import { type OwnerKind, ownerKindOf } from '../../lib/owners/owner-kind';

const managedBy = (...managers: string[]) => managers.map((manager) => ({ manager }));
const flux = { 'kustomize.toolkit.fluxcd.io/name': 'media', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' };
const helm = { 'app.kubernetes.io/managed-by': 'Helm' };

describe('ownerKindOf', () => {
  it.each<[string, NonNullable<LiveObject['metadata']>, OwnerKind]>([
    ['kubectl apply', { managedFields: managedBy('kubectl-client-side-apply', 'kube-controller-manager') }, 'kubectl'],
    ['nobody that is known', {}, 'kubectl'],
    ['Pulumi', { managedFields: managedBy('kube-controller-manager', 'pulumi-kubernetes-00757188') }, 'pulumi'],
    [
      'Pulumi, which adopted what kubectl had applied',
      { managedFields: managedBy('kubectl-client-side-apply', 'pulumi-kubernetes') },
      'pulumi',
    ],
    ['a Kustomization', { labels: flux }, { other: 'Flux (Kustomization media)' }],
    [
      'a HelmRelease, whose objects Helm labels too',
      { labels: { ...helm, 'helm.toolkit.fluxcd.io/name': 'sonarr' } },
      { other: 'Flux (HelmRelease sonarr)' },
    ],
    [
      'Argo CD, by annotation',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'tv:apps/Deployment:media/sonarr' } },
      { other: 'Argo CD (Application tv)' },
    ],
    ['Argo CD, by label', { labels: { 'argocd.argoproj.io/instance': 'tv' } }, { other: 'Argo CD (Application tv)' }],
    [
      'Helm',
      { labels: helm, annotations: { 'meta.helm.sh/release-name': 'sonarr' } },
      { other: 'Helm (release sonarr)' },
    ],
    ['Helm, without the name of a release', { labels: helm }, { other: 'Helm' }],
    [
      'a label of others',
      { labels: { 'app.kubernetes.io/managed-by': 'lunward', 'app.kubernetes.io/instance': 'tv' } },
      'kubectl',
    ],
    [
      'a controller, though Pulumi has written there once',
      { labels: flux, managedFields: managedBy('pulumi-kubernetes-1') },
      { other: 'Flux (Kustomization media)' },
    ],
  ])('knows %s', (_, metadata, kind) => {
    expect(ownerKindOf({ metadata })).toEqual(kind);
  });
});
