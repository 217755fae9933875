import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../lib/kubernetes/cluster-client';
import { unknownManagers } from '../../lib/owners/field-managers';
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
      'what Helm has labelled by annotation alone',
      { annotations: { 'meta.helm.sh/release-name': 'sonarr' } },
      { other: 'Helm (release sonarr)' },
    ],
    ['kapp', { labels: { 'kapp.k14s.io/app': '1637859835366892605' } }, { other: 'kapp (app 1637859835366892605)' }],
    [
      'the addon manager',
      { labels: { 'addonmanager.kubernetes.io/mode': 'Reconcile' } },
      { other: "Kubernetes' addon manager (mode Reconcile)" },
    ],
    [
      'the manifests folder of k3s',
      {
        labels: { 'objectset.rio.cattle.io/hash': 'bce283298811743a' },
        annotations: {
          'objectset.rio.cattle.io/id': '',
          'objectset.rio.cattle.io/owner-gvk': 'k3s.cattle.io/v1, Kind=Addon',
          'objectset.rio.cattle.io/owner-name': 'sonarr',
        },
      },
      { other: 'k3s or RKE2 (its folder server/manifests, Addon sonarr)' },
    ],
    [
      'Fleet, whose objects Helm labels too',
      { labels: helm, annotations: { 'objectset.rio.cattle.io/id': 'default-tv' } },
      { other: 'Rancher or Fleet (objectset default-tv)' },
    ],
    [
      'a set of objects by its hash alone',
      { labels: { 'objectset.rio.cattle.io/hash': 'bce283298811743a' } },
      { other: 'Rancher or Fleet (objectset without a name)' },
    ],
    [
      'a controller, whatever else is on the object',
      {
        labels: flux,
        ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'MediaApp', name: 'tv', uid: '1', controller: true }],
      },
      { other: 'its controller, MediaApp tv (example.com/v1)' },
    ],
    [
      'an owner that does not control it',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'tv', uid: '1' }] },
      'kubectl',
    ],
    ...[
      ['kustomize-controller', 'Flux (kustomize-controller)'],
      ['helm-controller', 'a helm-controller (of Flux, k3s or RKE2)'],
      ['argocd-controller', 'Argo CD'],
      ['argocd-application-controller', 'Argo CD'],
      ['fleetagent', 'Fleet'],
      ['fleet-agent', 'Fleet'],
      ['deploy@node-a', 'k3s or RKE2 (its folder server/manifests)'],
      ['kapp-controller', 'kapp'],
      ['helm', 'Helm'],
    ].map(([manager = '', other = '']): [string, NonNullable<LiveObject['metadata']>, OwnerKind] => [
      `${manager} without a label`,
      { managedFields: managedBy('kubectl-client-side-apply', manager, 'pulumi-kubernetes') },
      { other, manager },
    ]),
    [
      'a controller that tells only how the app fares',
      { managedFields: [{ manager: 'kustomize-controller', subresource: 'status' }] },
      'kubectl',
    ],
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

describe('unknownManagers', () => {
  it('names managers that are neither known editors nor known controllers, each once', () => {
    const managers = [
      'kubectl-client-side-apply',
      'kubectl-edit',
      'kubectl',
      'lunward',
      'pulumi-kubernetes-00757188',
      'kube-controller-manager',
      'before-first-apply',
      'k9s',
      'Lens',
      'rancher',
      'Mozilla',
      'node-fetch',
      'argocd-controller',
      'keda-operator',
      'HashiCorp',
      'HashiCorp',
    ];
    expect(unknownManagers({ metadata: { managedFields: managedBy(...managers) } })).toEqual([
      'keda-operator',
      'HashiCorp',
    ]);
  });

  it('names managers of the scale, not of the status', () => {
    const managedFields = [
      { manager: 'downscaler', subresource: 'scale' },
      { manager: 'watcher', subresource: 'status' },
    ];
    expect(unknownManagers({ metadata: { managedFields } })).toEqual(['downscaler']);
    expect(unknownManagers({})).toEqual([]);
  });
});
