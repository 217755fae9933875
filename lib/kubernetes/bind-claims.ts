import type { V1PersistentVolumeClaim } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { clock } from '../core/clock';
import type { Manifest } from '../core/kubernetes';
import { UnreachableError } from '../core/problems';
import type { ClusterClient } from './cluster-client';

/** How long the cluster gets to bind a claim by itself. */
const LET_BE_MILLISECONDS = 500;
const POLL_MILLISECONDS = 200;
/** Annotation that exists only for a moment. */
const LOOK_AGAIN = 'lunward/look-again';

/**
 * Waits until claims are bound to the volumes that they name. Makes the cluster check a claim again that is not bound
 * soon.
 *
 * The PersistentVolume controller binds a volume and its claim in four writes, and two of its workers get in each
 * other's way. It retries a lost write after 15 s, or at once when the claim changes (`syncPeriod` and `updateClaim` in
 * Kubernetes' `pkg/controller/volume/persistentvolume/pv_controller_base.go`). A pod that is started meanwhile waits
 * for 15 s more. So the claim gets an annotation, which is removed again.
 *
 * @param manifests the claims in this list are waited for
 * @param isOver whether to stop waiting although claims are not bound, do not exist yet, or the cluster cannot be asked
 */
export async function bindClaims(
  client: Pick<ClusterClient, 'read' | 'patch'>,
  manifests: readonly Manifest[],
  isOver: () => boolean,
): Promise<void> {
  for (const claim of manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim')) {
    let pendingSince: number | undefined;
    while (!isOver()) {
      try {
        const phase = ((await client.read(claim)) as V1PersistentVolumeClaim | undefined)?.status?.phase;
        if (phase && phase !== 'Pending') break;
        if (phase) pendingSince ??= Date.now();
        if (pendingSince !== undefined && Date.now() - pendingSince >= LET_BE_MILLISECONDS) {
          await touch(client, claim);
          pendingSince = undefined;
        }
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
      }
      await clock.sleep(POLL_MILLISECONDS);
    }
  }
}

async function touch(client: Pick<ClusterClient, 'patch'>, { apiVersion, kind, metadata }: Manifest): Promise<void> {
  const { name, namespace } = metadata;
  for (const value of ['true', null]) {
    await client.patch({
      apiVersion,
      kind,
      metadata: { name, namespace, annotations: { [LOOK_AGAIN]: value as string } },
    });
  }
}
