import { annotations, labels, portName, subdomainName } from '../core/names';
import { listOf, objectOf, oneOf, text } from '../core/schema';

/** An Ingress to one of the app's Services. */
export interface IngressProps {
  /** Default: the app's name. */
  readonly name?: string;
  /** Host names that the Ingress matches. */
  readonly hosts: readonly string[];
  /** Default: the cluster's default class. */
  readonly ingressClassName?: string;
  /** Default: `/`. */
  readonly path?: string;
  /** Default: `Prefix`. */
  readonly pathType?: 'Prefix' | 'Exact' | 'ImplementationSpecific';
  /**
   * Name of the Secret with the certificate for `hosts`. cert-manager creates it if an annotation names an issuer.
   * Default: no TLS.
   */
  readonly tlsSecretName?: string;
  /** Name of the Service. Default: the app's first. */
  readonly service?: string;
  /** Name of the port. Default: the Service's first. */
  readonly port?: string;
  /** Default: the app's labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations, for example settings of the ingress controller or the issuer. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Schema of a host name. Its first part may be `*`. */
export const hostName = text(
  'a host name such as "jellyfin.example.com"',
  (name) => name.length <= 253 && /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name),
);

/** Schema of an Ingress. */
export const ingressProps = objectOf<IngressProps>({
  name: subdomainName.optional(),
  hosts: listOf(hostName, 1),
  ingressClassName: subdomainName.optional(),
  path: text('a path such as "/"', (path) => path.startsWith('/')).optional(),
  pathType: oneOf(['Prefix', 'Exact', 'ImplementationSpecific']).optional(),
  tlsSecretName: subdomainName.optional(),
  service: subdomainName.optional(),
  port: portName.optional(),
  labels: labels.optional(),
  annotations: annotations.optional(),
});
