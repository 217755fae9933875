import { annotations, labelName, labels, portName, subdomainName } from '../core/names';
import { integer, listOf, objectOf, oneOf, text } from '../core/schema';
import { hostName } from './ingress';

/** The Gateway that a route is attached to. */
export interface ParentReference {
  readonly name: string;
  /** Default: the app's namespace. */
  readonly namespace?: string;
  /** Name of the Gateway's listener. Default: every matching one. */
  readonly sectionName?: string;
  /** Port of the Gateway. Default: every matching one. */
  readonly port?: number;
}

/** A Gateway API HTTPRoute to one of the app's Services. */
export interface HttpRouteProps {
  /** Default: the app's name. */
  readonly name?: string;
  /** The Gateways that the route is attached to. */
  readonly parentRefs: readonly ParentReference[];
  /** Host names that the route matches. Default: those of the Gateway. */
  readonly hostnames?: readonly string[];
  /** Default: `/`. */
  readonly path?: string;
  /** Default: `PathPrefix`. */
  readonly pathType?: 'PathPrefix' | 'Exact';
  /** Name of the Service. Default: the app's first. */
  readonly service?: string;
  /** Name of the port. Default: the Service's first. */
  readonly port?: string;
  /** Default: the app's labels. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Schema of an HTTPRoute. */
export const httpRouteProps = objectOf<HttpRouteProps>({
  name: subdomainName.optional(),
  parentRefs: listOf(
    objectOf<ParentReference>({
      name: subdomainName,
      namespace: labelName.optional(),
      sectionName: subdomainName.optional(),
      port: integer(1, 65535).optional(),
    }),
    1,
  ),
  hostnames: listOf(hostName, 1).optional(),
  path: text('a path such as "/"', (path) => path.startsWith('/')).optional(),
  pathType: oneOf(['PathPrefix', 'Exact']).optional(),
  service: subdomainName.optional(),
  port: portName.optional(),
  labels: labels.optional(),
  annotations: annotations.optional(),
});
