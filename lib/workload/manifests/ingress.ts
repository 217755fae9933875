import { compact, type Manifest } from '../../core/kubernetes';
import type { IngressProps } from '../ingress';
import type { MediaAppModel } from '../model';

/** Returns the manifest of an Ingress. */
export function ingressManifest(app: MediaAppModel, ingress: IngressProps): Manifest {
  const { service, port } = app.backend(ingress);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: compact({
      name: ingress.name ?? app.name,
      namespace: app.namespace,
      labels: ingress.labels ?? app.labels,
      annotations: ingress.annotations,
    }),
    spec: compact({
      ingressClassName: ingress.ingressClassName,
      tls: ingress.tlsSecretName ? [{ hosts: [...ingress.hosts], secretName: ingress.tlsSecretName }] : undefined,
      rules: ingress.hosts.map((host) => ({
        host,
        http: {
          paths: [
            {
              path: ingress.path ?? '/',
              pathType: ingress.pathType ?? 'Prefix',
              backend: { service: { name: service, port: { name: port.name } } },
            },
          ],
        },
      })),
    }),
  };
}
