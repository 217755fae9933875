export type { EnvironmentSource, EnvironmentValue } from './env';
export type * from './facts';
export type * from './health';
export type { HttpRouteProps, ParentReference } from './manifests/http-route';
export type { IngressProps } from './manifests/ingress';
export type { PortProps, Protocol } from './manifests/ports';
export type { ServicePortProps, ServiceProps } from './manifests/service';
export type { ConfigMount, Mount, MountProps, PersistentMount } from './mounts';
export type {
  GpuProps,
  IdentityProps,
  MediaAppObjects,
  MediaAppProps,
  ProbesProps,
} from './props';
