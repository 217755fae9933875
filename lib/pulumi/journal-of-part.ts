import type { Manifest } from '../core/kubernetes';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { Journal } from '../migration/journal/journal';
import { deploymentManifest } from '../workload/manifests/deployment';
import { assertMatchesJournal, isOnLive, type RecordedState, wantsRunning } from './recorded-state';

/**
 * Reads the journal of an app, and whether the app runs on the volumes with its data: that is read only where it decides something.
 *
 * @throws UserError if the app would get another generation of a volume than the one with its data
 */
export async function agreedJournal(
  client: ClusterClient,
  said: Omit<RecordedState, 'journal'>,
): Promise<{ readonly journal: Journal; readonly isRunning: boolean }> {
  const { app, model } = said;
  const journal = await Journal.read(client, model.namespace, app);
  const sayings = { ...said, journal };
  const isAsked = journal.cutover !== undefined || wantsRunning(sayings);
  const running = isAsked ? await client.read(deploymentManifest(model)) : undefined;
  assertMatchesJournal(sayings, running);
  return { journal, isRunning: running !== undefined && isOnLive(running, journal) };
}

/** Whether a PersistentVolume or claim belongs to a retired generation. */
export function isRetired({ kind, metadata, spec }: Manifest, { retired }: Pick<Journal, 'retired'>): boolean {
  if (kind === 'PersistentVolumeClaim') return retired.includes(metadata.name);
  const claim = (spec?.claimRef as { readonly name?: string } | undefined)?.name;
  return kind === 'PersistentVolume' && claim !== undefined && retired.includes(claim);
}

/** Whether a PersistentVolume or claim belongs to a generation that data was moved to, or from. */
export function isJournaled(
  { kind, metadata, spec }: Manifest,
  manifests: readonly Manifest[],
  journal: Pick<Journal, 'live' | 'before' | 'latest'>,
): boolean {
  if (kind !== 'PersistentVolume' && kind !== 'PersistentVolumeClaim') return false;
  const volume = kind === 'PersistentVolume' ? metadata.name : (spec?.volumeName as string | undefined);
  const claim =
    kind === 'PersistentVolumeClaim'
      ? metadata.name
      : manifests.find((other) => other.kind === 'PersistentVolumeClaim' && other.spec?.volumeName === volume)?.metadata
          .name;
  const moved = [...Object.values(journal.live), ...Object.values(journal.before)];
  return (
    (claim !== undefined && moved.includes(claim)) ||
    (volume !== undefined && journal.latest(volume)?.state === 'sealed')
  );
}
