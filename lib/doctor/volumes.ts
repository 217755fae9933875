import type { V1PersistentVolume } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { Finding } from '../core/advice';
import { type ClaimName, giveBack, keepData } from '../kubernetes/give-back';
import type { StorageObjects } from '../kubernetes/storage-objects';
import { kindOf } from '../volumes/kinds';
import { sourceDifferences } from '../volumes/source-differences';
import type { DescribedVolume } from './described-volumes';

/**
 * Finds problems of the PersistentVolumes in a description. A PersistentVolume that does not exist is reported with its
 * claim.
 *
 * @param kubectl the command as a person runs it for this cluster
 */
export function volumeFindings(
  described: readonly DescribedVolume[],
  { volumes }: Pick<StorageObjects, 'volumes'>,
  kubectl: string,
): Finding[] {
  return described.flatMap(({ volume, namespace, isLive }) => {
    const name = kindOf(volume).persistentVolume(volume, namespace)?.metadata.name;
    const live = volumes.find(({ metadata }) => name !== undefined && metadata?.name === name);
    if (!live) return [];
    const found = [findingOf(live, { namespace, name: volume.name }, kubectl), elsewhere(live, volume, namespace)];
    // The data of an older generation is in no danger, and no app uses it.
    const severity = isLive ? 'error' : 'warning';
    return found.flatMap((one) => (one ? [{ subject: `PersistentVolume ${name}`, severity, ...one } as const] : []));
  });
}

/** Lunward works on what the description names; the app uses what the PersistentVolume names. */
function elsewhere(
  { spec }: V1PersistentVolume,
  volume: DescribedVolume['volume'],
  namespace: string,
): Pick<Finding, 'code' | 'found' | 'expected' | 'remedy'> | undefined {
  const differing = sourceDifferences(volume, namespace, spec ?? {});
  if (differing.length === 0) return undefined;
  return {
    code: 'stored-elsewhere',
    found: `keeps its data elsewhere than is described: ${differing.join('; ')}`,
    remedy: `describe "${volume.name}" as the cluster has it, or give the described volume another name: a PersistentVolume can't be changed`,
  };
}

function findingOf(
  { metadata, spec, status }: V1PersistentVolume,
  wanted: ClaimName,
  kubectl: string,
): Pick<Finding, 'code' | 'found' | 'expected' | 'remedy'> | undefined {
  const name = metadata?.name ?? '';
  const bound: ClaimName = spec?.claimRef ?? {};
  const isWanted = bound.namespace === wanted.namespace && bound.name === wanted.name;
  const command = giveBack(name, wanted, kubectl);
  if (metadata?.deletionTimestamp) {
    return {
      code: 'terminating',
      found: 'is Terminating: it was deleted, and is gone as soon as its claim is',
      remedy:
        `a deletion can't be undone: ${keepData(name, kubectl)}; keep its manifest (${kubectl} get pv ${name} -o yaml); ` +
        'end the pods that use its claim, and delete that; then apply PersistentVolume and claim again, and start what used it',
    };
  }
  switch (status?.phase) {
    case 'Released':
      return {
        code: 'volume-released',
        found: `is Released: its claim ${written(bound)} was deleted, and no other one can take it. Its data is still there`,
        remedy: isWanted
          ? `give it back to its claim, delete nothing: ${command}; then apply the claim again`
          : `make sure that nothing else needs its data, and delete nothing; then give it to ${written(wanted)}: ${command}`,
      };
    case 'Failed':
      return {
        code: 'volume-failed',
        found: `is Failed: its claim ${written(bound)} was deleted, and the cluster could not delete the data${status.message ? `: ${status.message}` : ''}`,
        remedy:
          `keep it from trying again: ${keepData(name, kubectl)}; ` +
          `check what is left on the NAS; then give it back to its claim: ${command}`,
      };
    case 'Bound':
      if (isWanted) return undefined;
      return {
        code: 'volume-of-other-claim',
        found: `is bound to claim ${written(bound)}`,
        expected: `claim ${written(wanted)}`,
        remedy:
          `delete nothing: see who uses that claim ("Used By" of ${kubectl} describe pvc ${bound.name} -n ${bound.namespace}); ` +
          'then describe the volume under this claim, or give the described one a volumeName of its own',
      };
    default:
      return undefined;
  }
}

function written({ namespace, name }: ClaimName): string {
  return name ? `${namespace}/${name}` : 'of no name';
}
