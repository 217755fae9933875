import { z } from 'zod';
import { integer, listOf, objectOf, oneOf } from '../../core/schema';

const protocols = ['TCP', 'UDP'] as const;

/** Transport protocols of Kubernetes ports that media apps use. */
export type Protocol = (typeof protocols)[number];

/** A port of the app's container. */
export interface PortProps {
  /** Port number, 1 to 65535. */
  readonly port: number;
  /** Default: `TCP`. Torrent clients need both under one name: `['TCP', 'UDP']`. */
  readonly protocol?: Protocol | readonly Protocol[];
}

/** A port as Kubernetes defines it: one protocol, one name. */
export interface ContainerPort {
  readonly name: string;
  /** The name that the user gave. A name with two protocols makes two ports of one group. */
  readonly group: string;
  readonly containerPort: number;
  readonly protocol: Protocol;
}

const number = integer(1, 65535);
const protocol = z.union([oneOf(protocols), listOf(oneOf(protocols), 1)], {
  error: '"TCP", "UDP" or a list of both',
});

/** Schema of a port. */
export const port = z.union([number, objectOf<PortProps>({ port: number, protocol: protocol.optional() })], {
  error: 'a port number, or { port, protocol }',
});

/**
 * Returns the ports of a container. Kubernetes requires unique names, so of a name with both protocols the UDP port
 * gets the suffix `-udp`.
 */
export function containerPorts(ports: Readonly<Record<string, number | PortProps>>): ContainerPort[] {
  return Object.entries(ports).flatMap(([group, value]) => {
    const props = typeof value === 'number' ? { port: value } : value;
    const wanted = [props.protocol ?? 'TCP'].flat() as Protocol[];
    return wanted.map((protocol) => ({
      name: wanted.length > 1 && protocol === 'UDP' ? `${group}-udp` : group,
      group,
      containerPort: props.port,
      protocol,
    }));
  });
}
