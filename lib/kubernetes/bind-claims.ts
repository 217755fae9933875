import type { V1PersistentVolumeClaim } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { clock } from '../core/clock';
import type { Manifest } from '../core/kubernetes';
import { type Polling, pollUntil } from '../core/poll-until';
import { UnreachableError } from '../core/problems';
import type { ClusterClient } from './cluster-client';

/** How long the cluster gets to bind a claim by itself. */
const LET_BE_MILLISECONDS = 500;
const EVERY_SECONDS = 0.2;
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
 * @param wait when to stop although claims are not bound, do not exist yet, or the cluster cannot be asked
 * @throws the reason of the wait's signal
 */
export async function bindClaims(
  client: Pick<ClusterClient, 'read' | 'patch'>,
  manifests: readonly Manifest[],
  wait: Pick<Polling, 'seconds' | 'signal'>,
): Promise<void> {
  const claims = manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  await Promise.all(claims.map((claim) => bindClaim(client, claim, wait)));
}

async function bindClaim(
  client: Pick<ClusterClient, 'read' | 'patch'>,
  claim: Manifest,
  wait: Pick<Polling, 'seconds' | 'signal'>,
): Promise<void> {
  let pendingSince: number | undefined;
  const look = async () => {
    const phase = ((await client.read(claim)) as V1PersistentVolumeClaim | undefined)?.status?.phase;
    if (phase === 'Pending') {
      pendingSince ??= clock.monotonic();
      if (clock.monotonic() - pendingSince >= LET_BE_MILLISECONDS) {
        await touch(client, claim);
        pendingSince = undefined;
      }
    }
    return phase;
  };
  try {
    await pollUntil(look, (phase) => phase !== undefined && phase !== 'Pending', {
      everySeconds: EVERY_SECONDS,
      ...wait,
    });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
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
