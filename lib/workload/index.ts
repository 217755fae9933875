export type { EnvironmentSource, EnvironmentValue } from './env';
export type * from './facts';
export type * from './health';
export type { HttpRouteProps, ParentReference } from './http-route';
export type { IngressProps } from './ingress';
export type { PortProps, Protocol } from './manifests/ports';
export type { ConfigMount, Mount, MountProps, PersistentMount } from './mounts';
export type {
  GpuProps,
  IdentityProps,
  MediaAppObjects,
  MediaAppProps,
  ProbesProps,
} from './props';
export type { ServicePortProps, ServiceProps } from './service';
