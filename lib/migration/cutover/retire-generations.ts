import { pollUntil } from '../../core/poll-until';
import { UserError } from '../../core/problems';
import { LeaseLost } from '../../kubernetes/lease-lost';
import type { RetireFacts } from '../plan/plan-retire';
import { unfencedClaims } from '../settle/fence-from-journal';
import { settleFence, settleLock } from '../settle/settle';
import type { CutoverContext } from './cutover-context';

/** How long the control plane may take to let go of an object that nothing uses. */
const GONE_SECONDS = 120;

/**
 * Removes generations that are not live: first from the journal, then from the lock file, the owner and the cluster.
 * What they hold stays where it is. It can be done again wherever it was cut off.
 *
 * @throws UserError with the state that everything is in
 */
export async function retireGenerations(
  site: Pick<
    CutoverContext,
    'app' | 'client' | 'model' | 'owner' | 'journal' | 'places' | 'project' | 'signal' | 'report'
  >,
  volumes: readonly RetireFacts[],
): Promise<void> {
  const { owner, journal, report } = site;
  const claims = volumes.map(({ volume }) => volume.name);
  site.signal.throwIfAborted();
  await journal.retire(claims);
  await settleLock(site);
  // Pods that the fence refused are still refused, with the reason.
  if ((await settleFence(site)) === 'unsupported') report({ type: 'unfenced', claims: unfencedClaims(site) });
  try {
    await owner.release();
    for (const volume of volumes) {
      site.signal.throwIfAborted();
      const result = (await removeObjects(site, volume)) ? 'changed' : 'unchanged';
      report({ type: 'leftCluster', claim: volume.name, result });
    }
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof LeaseLost) throw error;
    throw UserError.from(
      error,
      `${error.message}. ${claims.join(', ')} is retired in journal and lock, and not gone yet; ${site.app} runs on, and the data is ` +
        `where it was. "lunward retire ${site.app}" goes on`,
    );
  }
}

/** The claim before its volume, which is then unbound. */
async function removeObjects(
  { client, signal }: Pick<CutoverContext, 'client' | 'signal'>,
  { claim, persistentVolume, name, volume, namespace }: RetireFacts,
): Promise<boolean> {
  let isChanged = false;
  const named = [
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: volume.name, namespace }, found: claim },
    { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, found: persistentVolume },
  ];
  for (const { found, ...object } of named) {
    if (!found) continue;
    await client.delete(object, { uid: found.metadata?.uid });
    isChanged = true;
    const wait = { seconds: GONE_SECONDS, everySeconds: 0.5, signal };
    const left = await pollUntil(
      () => client.read(object),
      (seen) => seen === undefined,
      wait,
    );
    if (left) {
      throw new UserError(
        `${object.kind} ${object.metadata.name} is still there ${GONE_SECONDS} s after it was deleted: something uses it, or has a finalizer on it`,
        { code: 'not-deleted' },
      );
    }
  }
  return isChanged;
}
