import { compact, type Manifest } from '../../core/kubernetes';
import type { HttpRouteProps } from '../http-route';
import type { MediaAppModel } from '../model';

/** Returns the manifest of an HTTPRoute. */
export function httpRouteManifest(app: MediaAppModel, route: HttpRouteProps): Manifest {
  const { service, port } = app.backend(route);
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: compact({
      name: route.name ?? app.name,
      namespace: app.namespace,
      labels: route.labels ?? app.labels,
      annotations: route.annotations,
    }),
    spec: compact({
      parentRefs: route.parentRefs.map((reference) => compact({ ...reference })),
      hostnames: route.hostnames && [...route.hostnames],
      rules: [
        {
          matches: [{ path: { type: route.pathType ?? 'PathPrefix', value: route.path ?? '/' } }],
          backendRefs: [{ name: service, port: port.number }],
        },
      ],
    }),
  };
}
