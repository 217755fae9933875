import type { V1PersistentVolumeClaim } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Finding } from '../core/advice';
import { giveBack, keepData } from '../kubernetes/give-back';
import type { StorageObjects } from '../kubernetes/storage-objects';
import type { DescribedVolume } from './described-volumes';
import { eventsOf, lastLine } from './events';

/**
 * Finds problems of the claims in a description. A claim that does not exist yet is not a problem.
 *
 * @param kubectl the command as a person runs it for this cluster
 */
export function claimFindings(
  described: readonly DescribedVolume[],
  { claims, events }: Pick<StorageObjects, 'claims' | 'events'>,
  kubectl: string,
): Finding[] {
  return described.flatMap(({ volume, namespace, isLive }) => {
    const claim = claims.find(
      ({ metadata }) => metadata?.name === volume.name && (metadata.namespace ?? '') === namespace,
    );
    const found = claim && findingOf(claim, events, kubectl);
    const severity = isLive ? 'error' : 'warning';
    return found ? [{ subject: `PersistentVolumeClaim ${namespace}/${volume.name}`, severity, ...found }] : [];
  });
}

type Told = Pick<Finding, 'code' | 'found' | 'remedy'> & Partial<Pick<Finding, 'severity'>>;

function findingOf(
  { metadata, spec, status }: V1PersistentVolumeClaim,
  events: StorageObjects['events'],
  kubectl: string,
): Told | undefined {
  const volume = spec?.volumeName;
  if (metadata?.deletionTimestamp) {
    const keep = volume ? `${keepData(volume, kubectl)}; ` : '';
    const back = volume ? `once the claim is gone: ${giveBack(volume, metadata, kubectl)}; ` : '';
    return {
      code: 'terminating',
      found:
        'is Terminating: it was deleted, and is gone as soon as no pod uses it any more. No pod that is started now can mount it',
      remedy:
        `a deletion can't be undone: ${keep}end the pods that use it ("Used By" of ${kubectl} describe pvc ${metadata.name} -n ${metadata.namespace}); ` +
        `${back}then apply the claim again, and start what used it`,
    };
  }
  switch (status?.phase) {
    case 'Pending': {
      const [event] = eventsOf(events, 'PersistentVolumeClaim', metadata);
      if (event?.reason === 'WaitForFirstConsumer') {
        return {
          severity: 'warning',
          code: 'claim-waits-for-pod',
          found: 'is Pending: its volume is made when the first pod mounts it',
          remedy: 'start the app; where a pod of it waits already, see what is said of that one',
        };
      }
      return {
        code: 'claim-pending',
        found: `is Pending: ${event ? `${lastLine(event.message)} (${event.reason})` : 'the cluster does not say why'}`,
        remedy: volume
          ? `see that PersistentVolume ${volume} is there and is not bound to another claim: ${kubectl} get pv ${volume}`
          : `see that its storage class is there, and what provisions it runs: ${kubectl} get storageclass`,
      };
    }
    case 'Lost':
      return {
        code: 'claim-lost',
        found: `is Lost: PersistentVolume ${volume}, which it was bound to, is gone or has another claim. The data is where it was`,
        remedy:
          `where it is gone, make it again as it is described, then bind it: ${kubectl} patch pv ${volume} --type=merge -p '${toUid(metadata?.uid)}'; ` +
          'where another claim has it, leave it, and see who uses that one',
      };
    default:
      return undefined;
  }
}

function toUid(uid: string | undefined): string {
  return JSON.stringify({ spec: { claimRef: { uid } } });
}
