import type { ApiObject } from 'cdk8s';
import type { V1Container, V1DeploymentStrategy, V1PodSpec, V1Probe, V1ResourceRequirements } from '../core/kubernetes';
import type { EnvironmentValue } from './env';
import type { AppFacts, Database } from './facts';
import type { HealthCheck } from './health';
import type { HttpRouteProps } from './manifests/http-route';
import type { IngressProps } from './manifests/ingress';
import type { PortProps } from './manifests/ports';
import type { ServiceProps } from './manifests/service';
import type { ConfigMount, Mount } from './mounts';

/** The user that the app's files belong to. */
export interface IdentityProps {
  /** User id for images that start as root and then change to it (LinuxServer): the variable `PUID`. */
  readonly puid?: number;
  /** Group id for the same images: the variable `PGID`. */
  readonly pgid?: number;
  /** File mode mask, in octal, for images that read it: the variable `UMASK`. */
  readonly umask?: string;
  /** User id that Kubernetes starts the container with, for rootless images. Excludes `puid`. */
  readonly runAsUser?: number;
  /** Group id that Kubernetes starts the container with. */
  readonly runAsGroup?: number;
  /** Group that volumes are given to. The kubelet changes owners only where the top directory differs. */
  readonly fsGroup?: number;
  /** Further groups, for instance that of `/dev/dri`. */
  readonly supplementalGroups?: readonly number[];
  /** Time zone by its IANA name: the variable `TZ`. */
  readonly timezone?: string;
}

/** A graphics processor: an extended resource of a device plugin, or a device file of the node. */
export type GpuProps =
  | {
      /** Name of the extended resource: `gpu.intel.com/i915`, `nvidia.com/gpu`. */
      readonly resource: string;
      /** How many. Default: 1. */
      readonly count?: number;
      /** The pod's runtime class, which NVIDIA's needs. */
      readonly runtimeClassName?: string;
    }
  | {
      /** Device or directory of devices on the node, such as `/dev/dri`: mounted at its own path, container privileged. */
      readonly device: string;
    };

/** The three probes, in Kubernetes' words over the defaults; `false` leaves one out. */
export interface ProbesProps {
  readonly startup?: V1Probe | false;
  readonly readiness?: V1Probe | false;
  readonly liveness?: V1Probe | false;
}

/** Properties of `Container` that the short props say, or that follow from them. */
export type OwnedContainerProperty =
  | 'name'
  | 'image'
  | 'ports'
  | 'resources'
  | 'startupProbe'
  | 'readinessProbe'
  | 'livenessProbe';

/** The objects of an app as cdk8s has them, for the last resort: `deployment.addJsonPatch(…)`. */
export interface MediaAppObjects {
  readonly deployment: ApiObject;
  readonly services: readonly ApiObject[];
  readonly ingresses: readonly ApiObject[];
  readonly httpRoutes: readonly ApiObject[];
}

/** A media app: one Deployment, its Services, its way in from outside, and the claims that it owns. */
export interface MediaAppProps extends IdentityProps {
  /** What the catalog knows of the app: defaults of what follows. */
  readonly facts?: AppFacts;
  /** Name of the Deployment, its container and its Service. Default: the app's key in a description, or the catalog's name. */
  readonly name?: string;
  /** Namespace of everything but PersistentVolumes. Default: the cluster's, or the chart's. */
  readonly namespace?: string;
  /** Image with a tag or digest. `latest` is refused: it would change the app behind your back. */
  readonly image: string;
  /** The volume of the settings; as a list, its generations, oldest first. */
  readonly config?: ConfigMount;
  /** Where the app has its settings. Default: the catalog's, else `/config`. */
  readonly configPath?: string;
  /** Databases below `configPath`. Default: the catalog's. */
  readonly databases?: readonly Database[];
  /** Why a database may stay on a network file system all the same: silences the warning. */
  readonly networkFileSystemReason?: string;
  /** What else is mounted, by mount path. */
  readonly mounts?: Readonly<Record<string, Mount>>;
  /** Ports by name, the web page first. Default: the catalog's; `{}` for a worker without any. */
  readonly ports?: Readonly<Record<string, number | PortProps>>;
  /** What tells that the app is well. Default: the catalog's, else that the first port accepts a connection. */
  readonly health?: HealthCheck;
  /** The probes made of it. Default: startup up to ten minutes, then readiness and liveness. */
  readonly probes?: ProbesProps;
  /** Environment variables. */
  readonly env?: Readonly<Record<string, EnvironmentValue>>;
  /** Requests and limits. Default: none, for a limit that nobody asked for kills an app in the middle of a scan. */
  readonly resources?: V1ResourceRequirements;
  /** A graphics processor for transcoding. */
  readonly gpu?: GpuProps;
  /** The Services. Default: one of type ClusterIP with all ports; `[]` for none. */
  readonly service?: ServiceProps | readonly ServiceProps[];
  /** Ingresses. Default: none. */
  readonly ingress?: IngressProps | readonly IngressProps[];
  /** Gateway API routes. Default: none. */
  readonly httpRoute?: HttpRouteProps | readonly HttpRouteProps[];
  /** Default: 1. */
  readonly replicas?: number;
  /** Default: `Recreate`, so that two pods never share a database. */
  readonly strategy?: V1DeploymentStrategy;
  /** Default: Kubernetes' own, 10. */
  readonly revisionHistoryLimit?: number;
  /** Seconds. Default: Kubernetes' own, 600. */
  readonly progressDeadlineSeconds?: number;
  /** Whether two pods of the app are kept off one node. Default: `true` where it has an attachable single-writer volume. */
  readonly selfAntiAffinity?: boolean;
  /** Labels of every object. Default: `app.kubernetes.io/name`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the Deployment. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels of the pods beside those of `selector`. Default: `labels`. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** Labels by which Deployment and Services find the pods; a Deployment that runs keeps its own. Default: `app.kubernetes.io/name`. */
  readonly selector?: Readonly<Record<string, string>>;
  /** Name of the app's container. Default: `name`. */
  readonly containerName?: string;
  /** Everything else of the app's container, in Kubernetes' own words. */
  readonly container?: Omit<Partial<V1Container>, OwnedContainerProperty>;
  /** Everything else of the pod, in Kubernetes' own words; `containers` are sidecars beside the app's. */
  readonly pod?: Partial<V1PodSpec>;
  /** The last resort, for what no prop can say: cdk8s's own `ApiObject.addJsonPatch` on the finished objects. */
  readonly customize?: (objects: MediaAppObjects) => void;
}
