import type { Manifest } from '../../core/kubernetes';
import { isPersistent, kindOf, type PersistentVolume } from '../../volumes/kinds';
import type { MediaAppModel } from '../model';
import { deploymentManifest } from './deployment';
import { httpRouteManifest } from './http-route';
import { ingressManifest } from './ingress';
import { serviceManifest } from './service';

/** Returns all objects of an app except its volumes. */
export function workloadManifests(app: MediaAppModel): Manifest[] {
  return [
    deploymentManifest(app),
    ...app.services.map((service) => serviceManifest(app, service)),
    ...[app.props.ingress ?? []].flat().map((ingress) => ingressManifest(app, ingress)),
    ...[app.props.httpRoute ?? []].flat().map((route) => httpRouteManifest(app, route)),
  ];
}

/** Returns kind and name of each object that `workloadManifests` returns, without making the manifests. */
export function workloadNames(app: MediaAppModel): (readonly [kind: string, name: string])[] {
  const named = (kind: string, list: readonly { readonly name?: string }[]) =>
    list.map(({ name }) => [kind, name ?? app.name] as const);
  return [
    ['Deployment', app.name],
    ...named('Service', app.services),
    ...named('Ingress', [app.props.ingress ?? []].flat()),
    ...named('HTTPRoute', [app.props.httpRoute ?? []].flat()),
  ];
}

/**
 * Lists each persistent volume that the cluster has for the app once: the mounted ones and the generations that are
 * kept.
 */
export function presentVolumes(app: MediaAppModel): PersistentVolume[] {
  const volumes = app.mounts.flatMap(({ volume, kept }) => [volume, ...kept]).filter(isPersistent);
  return volumes.filter((volume, index) => volumes.findIndex(({ name }) => name === volume.name) === index);
}

/** Returns the PersistentVolume and the claim of a volume, if Lunward creates them. */
export function volumeManifests(
  volume: PersistentVolume,
  namespace: string,
  labels: Readonly<Record<string, string>> = {},
): Manifest[] {
  const kind = kindOf(volume);
  const labelled = volume.kind === 'existingClaim' || volume.labels ? volume : { ...volume, labels };
  return [kind.persistentVolume(labelled, namespace), kind.persistentVolumeClaim(labelled, namespace)].filter(
    (manifest) => manifest !== undefined,
  );
}
