import { compact, type Manifest } from '../../core/kubernetes';
import type { MediaAppModel } from '../model';
import type { ServicePortProps, ServiceProps } from '../service';

/** Returns the manifest of a Service. */
export function serviceManifest(app: MediaAppModel, service: ServiceProps): Manifest {
  const { name, labels: own, annotations: notes, ports, ...rest } = service;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: compact({
      name: name ?? app.name,
      namespace: app.namespace,
      labels: own ?? app.labels,
      annotations: notes,
    }),
    spec: compact({ type: 'ClusterIP', ...rest, selector: app.selector, ports: servicePorts(app, ports) }),
  };
}

function servicePorts(app: MediaAppModel, wanted: ServiceProps['ports']): Record<string, unknown>[] {
  const ports = wanted ?? [...new Set(app.ports.map((port) => port.group))];
  return ports.flatMap((entry) => {
    const { name, port, nodePort } = typeof entry === 'string' ? ({ name: entry } as ServicePortProps) : entry;
    return app.ports
      .filter((candidate) => candidate.group === name)
      .map((candidate) =>
        compact({
          name: candidate.name,
          port: port ?? candidate.containerPort,
          nodePort,
          targetPort: candidate.name,
          protocol: candidate.protocol,
        }),
      );
  });
}
