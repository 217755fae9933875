import type { Advice } from '../core/advice';
import type { Manifest } from '../core/kubernetes';
import { UserError } from '../core/problems';
import { bindClaims } from '../kubernetes/bind-claims';
import { type ClusterClient, ConflictError, type LiveObject } from '../kubernetes/cluster-client';
import { differencesFrom, inPlaceOf } from '../kubernetes/differences';
import { retryOnConflict } from '../kubernetes/retry-on-conflict';
import { describedApp, notInCluster, replicasOf } from './described-app';
import { differingDeployment } from './differing-deployment';
import { workloadOf } from './live-workload';
import type { Owner, Workload } from './owner';

/** For so long new claims are waited for: a pod that finds its claim unbound is looked at again only after 15 s or more. */
const BOUND_SECONDS = 20;

/** An app that a person applied by hand, and that no controller applies again. */
export class KubectlOwner implements Owner {
  readonly name = 'kubectl';
  readonly needsPulumi = false;

  /**
   * @param file of the description, which is read again each time, with its lock file
   * @param app its key there
   */
  constructor(
    private readonly client: ClusterClient,
    private readonly file: string,
    private readonly app: string,
  ) {}

  async refusals(): Promise<readonly Advice[]> {
    const deployment = await this.deployment();
    const live = await this.client.read(deployment);
    const subject = `Deployment ${deployment.metadata.namespace}/${deployment.metadata.name}`;
    if (!live) return [notInCluster(deployment)];
    const differing = await differencesFrom(live, withReplicasOf(live, deployment), this.client);
    return differingDeployment(this.app, subject, differing);
  }

  async replicas(): Promise<number> {
    return replicasOf(await this.running());
  }

  async workload(): Promise<Workload> {
    return workloadOf(await this.running());
  }

  async fence(): Promise<void> {
    // Nobody but a person starts it.
  }

  async stop(): Promise<void> {
    await this.scale(0);
  }

  async switchClaim(): Promise<void> {
    const { manifests, deployment } = await describedApp(this.file, this.app);
    for (const manifest of manifests.filter(({ kind }) => kind.startsWith('PersistentVolume'))) {
      if (!(await this.client.read(manifest))) await this.create(manifest);
    }
    await this.replace(withReplicas(deployment, 0));
    // Whoever starts the app says what is wrong with one that is not bound by then.
    await bindClaims(this.client, manifests, { seconds: BOUND_SECONDS });
  }

  async start(replicas: number): Promise<void> {
    await this.scale(replicas);
  }

  async release(): Promise<void> {}

  private async create(manifest: Manifest): Promise<void> {
    try {
      await this.client.create(manifest as LiveObject);
    } catch (error) {
      // A first request whose answer was lost may arrive just before the second.
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  private async replace(deployment: Manifest): Promise<void> {
    await retryOnConflict(async () => this.client.write(inPlaceOf(await this.running(), deployment)));
  }

  private async scale(replicas: number): Promise<void> {
    const { apiVersion, kind, metadata } = await this.deployment();
    const { name, namespace } = metadata;
    const patched = await this.client.patch({ apiVersion, kind, metadata: { name, namespace }, spec: { replicas } });
    if (!patched)
      throw new UserError(`Deployment ${namespace}/${name} is not in the cluster any more: nothing was scaled`, {
        code: 'deployment-gone',
      });
  }

  private async running(): Promise<LiveObject> {
    const deployment = await this.deployment();
    const live = await this.client.read(deployment);
    if (live) return live;
    const { name, namespace } = deployment.metadata;
    throw new UserError(
      `Deployment ${namespace}/${name} is not in the cluster any more: apply it, and run this again`,
      { code: 'deployment-gone' },
    );
  }

  private async deployment(): Promise<Manifest> {
    return (await describedApp(this.file, this.app)).deployment;
  }
}

const withReplicas = (deployment: Manifest, replicas: number): Manifest => ({
  ...deployment,
  spec: { ...deployment.spec, replicas },
});

// Whoever has stopped the app may have it moved as well.
const withReplicasOf = (live: LiveObject, deployment: Manifest) => withReplicas(deployment, replicasOf(live));
