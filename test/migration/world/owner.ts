import type { Manifest } from '../../../lib/core/kubernetes';
import type { ClusterClient, LiveObject } from '../../../lib/kubernetes/cluster-client';
import { differencesFrom, inPlaceOf } from '../../../lib/kubernetes/differences';
import { notInCluster, replicasOf } from '../../../lib/owners/described-app';
import { differingDeployment } from '../../../lib/owners/differing-deployment';
import { workloadOf } from '../../../lib/owners/live-workload';
import type { Owner } from '../../../lib/owners/owner';
import { deploymentManifest } from '../../../lib/workload/manifests/deployment';
import { presentVolumes, volumeManifests } from '../../../lib/workload/manifests/manifests';
import type { MediaAppModel } from '../../../lib/workload/model';

/** What an operator applies of an app: its volumes that are live or kept, then its Deployment. */
export function manifestsOf(model: MediaAppModel): { readonly volumes: Manifest[]; readonly deployment: Manifest } {
  const volumes = presentVolumes(model).flatMap((volume) => volumeManifests(volume, model.namespace, model.labels));
  return { volumes, deployment: deploymentManifest(model) };
}

/**
 * An owner as that of kubectl, whose description is in memory.
 *
 * @param described the app as description and lock have it at the moment
 */
export function modelOwner(client: ClusterClient, described: () => MediaAppModel): Owner {
  const running = async (): Promise<LiveObject> => {
    const live = await client.read(manifestsOf(described()).deployment);
    if (!live) throw new Error('the app has no Deployment');
    return live;
  };
  const scale = async (replicas: number) => {
    const { apiVersion, kind, metadata } = manifestsOf(described()).deployment;
    await client.patch({ apiVersion, kind, metadata, spec: { replicas } } as LiveObject);
  };
  const withReplicas = (deployment: Manifest, replicas: number) => ({
    ...deployment,
    spec: { ...deployment.spec, replicas },
  });
  return {
    name: 'kubectl',
    needsPulumi: false,
    refusals: async () => {
      const { deployment } = manifestsOf(described());
      const live = await client.read(deployment);
      if (!live) return [notInCluster(deployment)];
      const differing = await differencesFrom(live, withReplicas(deployment, replicasOf(live)), client);
      return differingDeployment('app', 'Deployment media/app', differing);
    },
    replicas: async () => replicasOf(await running()),
    workload: async () => workloadOf(await running()),
    fence: async () => {},
    stop: () => scale(0),
    switchClaim: async () => {
      const { volumes, deployment } = manifestsOf(described());
      for (const manifest of volumes) {
        if (!(await client.read(manifest))) await client.create(manifest as LiveObject);
      }
      await client.write(inPlaceOf(await running(), withReplicas(deployment, 0)));
    },
    start: scale,
    release: async () => {},
  };
}
