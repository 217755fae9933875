import { type ClusterDescription, defineCluster } from '../lib/cluster';
import type { Lock } from '../lib/cluster/lock';
import { synthesizeCluster } from '../lib/constructs/cluster-charts';
import type { Manifest, V1Container, V1PodSpec } from '../lib/core/kubernetes';
import { DescriptionError, type Problem } from '../lib/core/problems';
import { type IscsiVolumeProps, iscsi, type NfsStaticVolumeProps, nfs } from '../lib/volumes';
import type { MediaAppProps } from '../lib/workload';

export const image = 'registry.example.com/app:1.2.3';

/** A LUN of its own for each name. */
export function lun(name: string, more: Partial<IscsiVolumeProps> = {}) {
  return iscsi({
    name,
    targetPortal: '192.0.2.200:3260',
    iqn: `iqn.2000-01.com.example:${name}`,
    lun: 1,
    size: '1Gi',
    ...more,
  });
}

/** An NFS directory of its own for each name. */
export function share(name: string, more: Partial<NfsStaticVolumeProps> = {}) {
  return nfs({ name, server: '192.0.2.200', path: `/volume1/${name}`, size: '1Gi', ...more });
}

/** Lets a test write what the compiler would refuse, as a description that is loaded without its types can. */
export const untyped = <T = never>(value: unknown) => value as T;

/** The error that a call is refused with. */
export function refusal(call: () => unknown): DescriptionError {
  try {
    call();
  } catch (error) {
    if (error instanceof DescriptionError) {
      return error;
    }
    throw error;
  }
  throw new Error('nothing was refused');
}

export function describeApps(
  apps: Readonly<Record<string, MediaAppProps>>,
  more: Partial<ClusterDescription> = {},
): ClusterDescription {
  return { namespace: 'media', apps, ...more };
}

/** The problems of apps in one description; none where it is accepted. */
export function problemsIn(
  apps: Readonly<Record<string, MediaAppProps>>,
  more: Partial<ClusterDescription> = {},
): readonly Problem[] {
  try {
    defineCluster(describeApps(apps, more));
    return [];
  } catch (error) {
    if (error instanceof DescriptionError) {
      return error.problems;
    }
    throw error;
  }
}

/** The problems of one app that says no more than an image and this; paths begin with `apps.app`. */
export function problemsWith(props: Partial<MediaAppProps>, more: Partial<ClusterDescription> = {}) {
  return problemsIn({ app: { image, ...props } }, more);
}

/** The manifests of one app that says no more than an image and this. */
export function manifestsWith(
  props: Partial<MediaAppProps>,
  more: Partial<ClusterDescription> = {},
  lock?: Lock,
): Manifest[] {
  const cluster = defineCluster(describeApps({ app: { image, ...props } }, more));
  return [...(synthesizeCluster(cluster, lock).manifests.app ?? [])];
}

export function ofKind(manifests: readonly Manifest[], kind: string): Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}

/** The spec of the only object of a kind. */
export function specOf(manifests: readonly Manifest[], kind: string): Record<string, unknown> {
  const found = ofKind(manifests, kind);
  if (found.length !== 1) {
    throw new Error(`${found.length} objects of kind ${kind}`);
  }
  return { ...found[0]?.spec };
}

interface DeploymentSpec {
  readonly template: {
    readonly metadata: { readonly labels: Record<string, string>; readonly annotations?: Record<string, string> };
    readonly spec: V1PodSpec;
  };
}

/** The Deployment's pod template of one app. */
export function templateWith(props: Partial<MediaAppProps>, more: Partial<ClusterDescription> = {}, lock?: Lock) {
  return (specOf(manifestsWith(props, more, lock), 'Deployment') as unknown as DeploymentSpec).template;
}

export function podWith(props: Partial<MediaAppProps>, more: Partial<ClusterDescription> = {}, lock?: Lock): V1PodSpec {
  return templateWith(props, more, lock).spec;
}

export function containerWith(props: Partial<MediaAppProps>, more: Partial<ClusterDescription> = {}): V1Container {
  return podWith(props, more).containers[0] as V1Container;
}

/** The environment of one app's container, as a map of plain values. */
export function environmentWith(props: Partial<MediaAppProps>, more: Partial<ClusterDescription> = {}) {
  return Object.fromEntries((containerWith(props, more).env ?? []).map(({ name, value }) => [name, value]));
}
