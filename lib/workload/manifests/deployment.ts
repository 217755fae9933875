import { compact, type Manifest } from '../../core/kubernetes';
import { type MediaAppModel, podLabels } from '../model';
import { podSpec } from './pod';

/** Returns the manifest of the Deployment. */
export function deploymentManifest(app: MediaAppModel): Manifest {
  const { props } = app;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: compact({
      name: app.name,
      namespace: app.namespace,
      labels: app.labels,
      annotations: props.annotations,
    }),
    spec: compact({
      replicas: props.replicas ?? 1,
      revisionHistoryLimit: props.revisionHistoryLimit,
      progressDeadlineSeconds: props.progressDeadlineSeconds,
      strategy: props.strategy ?? { type: 'Recreate' },
      selector: { matchLabels: { ...app.selector } },
      template: {
        metadata: compact({
          labels: podLabels(app),
          annotations: props.podAnnotations,
        }),
        spec: podSpec(app),
      },
    }),
  };
}
