import type { ApiObject } from 'cdk8s';
import type { V1Container, V1DeploymentStrategy, V1PodSpec, V1Probe, V1ResourceRequirements } from '../core/kubernetes';
import type { EnvironmentValue } from './env';
import type { AppFacts, Database } from './facts';
import type { HealthCheck } from './health';
import type { HttpRouteProps } from './http-route';
import type { IngressProps } from './ingress';
import type { PortProps } from './manifests/ports';
import type { ConfigMount, Mount } from './mounts';
import type { ServiceProps } from './service';

/** The user that owns the app's files. */
export interface IdentityProps {
  /** User id for images that start as root and then switch to it (LinuxServer): the variable `PUID`. */
  readonly puid?: number;
  /** Group id for the same images: the variable `PGID`. */
  readonly pgid?: number;
  /** Octal file mode mask for images that read it: the variable `UMASK`. */
  readonly umask?: string;
  /** User id that Kubernetes starts the container with, for rootless images. Not together with `puid`. */
  readonly runAsUser?: number;
  /** Group id that Kubernetes starts the container with. */
  readonly runAsGroup?: number;
  /** Group that owns the volumes. The kubelet changes owners only if the top directory's owner differs. */
  readonly fsGroup?: number;
  /** Additional groups, for example the group of `/dev/dri`. */
  readonly supplementalGroups?: readonly number[];
  /** IANA name of the time zone: the variable `TZ`. */
  readonly timezone?: string;
}

/** A GPU: an extended resource from a device plugin, or a device file of the node. */
export type GpuProps =
  | {
      /** Name of the extended resource: `gpu.intel.com/i915`, `nvidia.com/gpu`. */
      readonly resource: string;
      /** Number of GPUs. Default: 1. */
      readonly count?: number;
      /** The pod's runtime class. NVIDIA GPUs need one. */
      readonly runtimeClassName?: string;
    }
  | {
      /**
       * Device or directory of devices on the node, such as `/dev/dri`. It is mounted at the same path, and the
       * container runs privileged.
       */
      readonly device: string;
    };

/** The three probes. Settings, named as in Kubernetes, override the defaults; `false` leaves a probe out. */
export interface ProbesProps {
  readonly startup?: V1Probe | false;
  readonly readiness?: V1Probe | false;
  readonly liveness?: V1Probe | false;
}

/** Properties of `Container` that short props set. */
export type OwnedContainerProperty =
  | 'name'
  | 'image'
  | 'ports'
  | 'resources'
  | 'startupProbe'
  | 'readinessProbe'
  | 'livenessProbe';

/** The app's cdk8s objects, for the escape hatch: `deployment.addJsonPatch(…)`. */
export interface MediaAppObjects {
  readonly deployment: ApiObject;
  readonly services: readonly ApiObject[];
  readonly ingresses: readonly ApiObject[];
  readonly httpRoutes: readonly ApiObject[];
}

/** A media app: one Deployment, its Services, its Ingresses and HTTPRoutes, and the claims that it owns. */
export interface MediaAppProps extends IdentityProps {
  /** What the catalog knows about the app: the defaults of the other props. */
  readonly facts?: AppFacts;
  /**
   * Name of the Deployment, its container and its Service. Default: the app's key in the description, or the catalog's
   * name.
   */
  readonly name?: string;
  /** Namespace of everything except PersistentVolumes. Default: that of the cluster description or the chart. */
  readonly namespace?: string;
  /** Image with a tag or digest. `latest` is refused: the app would change without a change of the description. */
  readonly image: string;
  /** The volume with the app's settings. A list contains its generations, oldest first. */
  readonly config?: ConfigMount;
  /** Path of the app's settings in the container. Default: the catalog's, else `/config`. */
  readonly configPath?: string;
  /**
   * Databases below `configPath`. Default: the catalog's. Use `[]` for an app that keeps them elsewhere, for example on a
   * PostgreSQL server.
   */
  readonly databases?: readonly Database[];
  /** The reason why a database may stay on a network file system. It silences the warning. */
  readonly networkFileSystemReason?: string;
  /** The other volumes, by mount path. */
  readonly mounts?: Readonly<Record<string, Mount>>;
  /** Ports by name, the web page first. Default: the catalog's. Use `{}` for a worker without ports. */
  readonly ports?: Readonly<Record<string, number | PortProps>>;
  /** How to check the app's health. Default: the catalog's check, else a connection to the first port. */
  readonly health?: HealthCheck;
  /** The probes made from `health`. Default: a startup probe for up to ten minutes, then readiness and liveness. */
  readonly probes?: ProbesProps;
  /** Environment variables. */
  readonly env?: Readonly<Record<string, EnvironmentValue>>;
  /** Requests and limits. Default: none, because an unrequested limit kills an app in the middle of a scan. */
  readonly resources?: V1ResourceRequirements;
  /** A GPU for transcoding. */
  readonly gpu?: GpuProps;
  /** The Services. Default: one of type ClusterIP with all ports. Use `[]` for none. */
  readonly service?: ServiceProps | readonly ServiceProps[];
  /** Ingresses. Default: none. */
  readonly ingress?: IngressProps | readonly IngressProps[];
  /** Gateway API routes. Default: none. */
  readonly httpRoute?: HttpRouteProps | readonly HttpRouteProps[];
  /** Default: 1. */
  readonly replicas?: number;
  /** Default: `Recreate`, so that two pods never share a database. */
  readonly strategy?: V1DeploymentStrategy;
  /** Default: Kubernetes' default, 10. */
  readonly revisionHistoryLimit?: number;
  /** Seconds. Default: Kubernetes' default, 600. */
  readonly progressDeadlineSeconds?: number;
  /**
   * Whether two pods of the app may not run on one node. Default: `true` if the app has an attachable single-writer
   * volume.
   */
  readonly selfAntiAffinity?: boolean;
  /** Labels of every object. Default: `app.kubernetes.io/name`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the Deployment. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels of the pods, in addition to those of `selector`. Default: `labels`. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /**
   * Labels by which the Deployment and the Services find the pods. A running Deployment keeps its own. Default:
   * `app.kubernetes.io/name`.
   */
  readonly selector?: Readonly<Record<string, string>>;
  /** Name of the app's container. Default: `name`. */
  readonly containerName?: string;
  /** All other settings of the app's container, named as in Kubernetes. */
  readonly container?: Omit<Partial<V1Container>, OwnedContainerProperty>;
  /** All other settings of the pod, named as in Kubernetes. `containers` are sidecars of the app's container. */
  readonly pod?: Partial<V1PodSpec>;
  /** The escape hatch, for what no prop can set: cdk8s's own `ApiObject.addJsonPatch` on the finished objects. */
  readonly customize?: (objects: MediaAppObjects) => void;
}
