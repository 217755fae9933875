import type { V1PersistentVolume } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { StorageObjects } from '../kubernetes/storage-objects';
import type { Finding } from '../spec/finding';
import { kindOf } from '../volumes/kinds';
import type { DescribedVolume } from './described-volumes';

/** A claim, as a PersistentVolume names it. */
interface ClaimName {
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * What is wrong with the PersistentVolumes of a description. One that is not there is its claim's to tell.
 *
 * @param kubectl as a person calls it for this cluster
 */
export function volumeFindings(
  described: readonly DescribedVolume[],
  { volumes }: Pick<StorageObjects, 'volumes'>,
  kubectl: string,
): Finding[] {
  return described.flatMap(({ volume, namespace, isLive }) => {
    const name = kindOf(volume).persistentVolume(volume, namespace)?.metadata.name;
    const live = volumes.find(({ metadata }) => name !== undefined && metadata?.name === name);
    const found = live && findingOf(live, { namespace, name: volume.name }, kubectl);
    // What an older generation holds is in no danger, and nobody uses it.
    const severity = isLive ? 'error' : 'warning';
    return found ? [{ subject: `PersistentVolume ${name}`, severity, ...found }] : [];
  });
}

function findingOf(
  { metadata, spec, status }: V1PersistentVolume,
  wanted: ClaimName,
  kubectl: string,
): Pick<Finding, 'text' | 'remedy'> | undefined {
  const name = metadata?.name ?? '';
  const bound: ClaimName = spec?.claimRef ?? {};
  const isWanted = bound.namespace === wanted.namespace && bound.name === wanted.name;
  const giveBack = `${kubectl} patch pv ${name} --type=merge -p '${toClaim(wanted)}'`;
  switch (status?.phase) {
    case 'Released':
      return {
        text: `is Released: its claim ${written(bound)} was deleted, and no other one can take it. Its data is still there`,
        remedy: isWanted
          ? `give it back to its claim, delete nothing: ${giveBack}; then apply the claim again`
          : `see that nobody else wants what it holds, delete nothing; then give it to ${written(wanted)}: ${giveBack}`,
      };
    case 'Failed':
      return {
        text: `is Failed: its claim ${written(bound)} was deleted, and the cluster could not delete the data${status.message ? `: ${status.message}` : ''}`,
        remedy:
          `keep it from trying again: ${kubectl} patch pv ${name} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'; ` +
          `look at what is left on the NAS; then give it back to its claim: ${giveBack}`,
      };
    case 'Bound':
      if (isWanted) return undefined;
      return {
        text: `is bound to claim ${written(bound)}, and described for ${written(wanted)}`,
        remedy:
          `delete nothing: see who uses that claim ("Used By" of ${kubectl} describe pvc ${bound.name} -n ${bound.namespace}); ` +
          'then describe the volume under this claim, or give the described one a volumeName of its own',
      };
    default:
      return undefined;
  }
}

/** Without a uid the controller binds it to the claim of this name that comes, and to no other. */
function toClaim({ namespace, name }: ClaimName): string {
  return JSON.stringify({ spec: { claimRef: { namespace, name, uid: null, resourceVersion: null } } });
}

function written({ namespace, name }: ClaimName): string {
  return name ? `${namespace}/${name}` : 'of no name';
}
