import { isIP } from 'node:net';
import { z } from 'zod';
import { annotations, labels, portName, serviceName } from '../core/names';
import { integer, listOf, objectOf, oneOf, text } from '../core/schema';

/** A port of a Service: refers to a port of the app by name. It always has the protocol of the app's port. */
export interface ServicePortProps {
  /** Name of the app's port. */
  readonly name: string;
  /** Port number of the Service. Default: the app's own. */
  readonly port?: number;
  /** Port on every node, for the types NodePort and LoadBalancer. Default: chosen by the cluster. */
  readonly nodePort?: number;
}

/** A Service of the app. */
export interface ServiceProps {
  /** Default: the app's name. Each further Service needs its own name. */
  readonly name?: string;
  /** Default: `ClusterIP`. */
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** The ports of the Service, by name. Default: all ports of the app. */
  readonly ports?: readonly (string | ServicePortProps)[];
  /** `None` for a headless Service, or a fixed address. Default: chosen by the cluster. */
  readonly clusterIP?: string;
  /** A fixed address, for load balancers that read it from here and not from an annotation. */
  readonly loadBalancerIP?: string;
  readonly loadBalancerClass?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly externalIPs?: readonly string[];
  /** `Local` keeps the client's address. Default: `Cluster`. */
  readonly externalTrafficPolicy?: 'Local' | 'Cluster';
  readonly sessionAffinity?: 'ClientIP' | 'None';
  readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
  /** Default: the app's labels. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const address = text('an IP address', (value) => isIP(value) !== 0);

const servicePort = z.union(
  [
    portName,
    objectOf<ServicePortProps>({
      name: portName,
      port: integer(1, 65535).optional(),
      nodePort: integer(1, 65535).optional(),
    }),
  ],
  { error: "the name of one of the app's ports, or { name, port, nodePort }" },
);

/** Schema of a Service. */
export const serviceProps = objectOf<ServiceProps>({
  name: serviceName.optional(),
  type: oneOf(['ClusterIP', 'NodePort', 'LoadBalancer']).optional(),
  ports: listOf(servicePort, 1).optional(),
  clusterIP: text('"None" or an IP address', (value) => value === 'None' || isIP(value) !== 0).optional(),
  loadBalancerIP: address.optional(),
  loadBalancerClass: text('the name of a load balancer class').optional(),
  loadBalancerSourceRanges: listOf(text('an address range such as "192.0.2.0/24"', isRange)).optional(),
  externalIPs: listOf(address).optional(),
  externalTrafficPolicy: oneOf(['Local', 'Cluster']).optional(),
  sessionAffinity: oneOf(['ClientIP', 'None']).optional(),
  ipFamilyPolicy: oneOf(['SingleStack', 'PreferDualStack', 'RequireDualStack']).optional(),
  labels: labels.optional(),
  annotations: annotations.optional(),
});

function isRange(range: string): boolean {
  const [base = '', bits, ...more] = range.split('/');
  const most = isIP(base) === 4 ? 32 : 128;
  return isIP(base) !== 0 && /^\d{1,3}$/.test(bits ?? '') && Number(bits) <= most && more.length === 0;
}
