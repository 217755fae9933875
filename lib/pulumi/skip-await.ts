import type { Manifest } from '../core/kubernetes';
import type { ClusterClient, LiveObject } from '../kubernetes/cluster-client';
import { type Difference, differencesFrom } from '../kubernetes/differences';

const SKIP_AWAIT = 'pulumi.com/skipAwait';

/** A manifest whose object Pulumi applies without waiting until it is up. */
export function withoutAwait(manifest: Manifest): Manifest {
  const { metadata } = manifest;
  return { ...manifest, metadata: { ...metadata, annotations: { [SKIP_AWAIT]: 'true', ...metadata.annotations } } };
}

/**
 * What a manifest would change in the object that runs under its name, ignoring the annotation that only Pulumi uses.
 */
export function differencesForPulumi(
  live: LiveObject,
  manifest: Manifest,
  client: ClusterClient,
): Promise<Difference[]> {
  const { [SKIP_AWAIT]: skipped, ...annotations } = live.metadata?.annotations ?? {};
  if (skipped === undefined || manifest.metadata.annotations?.[SKIP_AWAIT] !== undefined) {
    return differencesFrom(live, manifest, client);
  }
  return differencesFrom({ ...live, metadata: { ...live.metadata, annotations } }, manifest, client);
}
