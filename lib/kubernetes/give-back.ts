/** A claim, as a PersistentVolume names it. */
export interface ClaimName {
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * The command that gives a PersistentVolume whose claim is gone back to a claim. Without a uid the controller binds it to the claim of
 * this name that comes, and to no other.
 *
 * @param kubectl as a person calls it for this cluster
 */
export function giveBack(volume: string, { namespace, name }: ClaimName, kubectl = 'kubectl'): string {
  const patch = { spec: { claimRef: { namespace, name, uid: null, resourceVersion: null } } };
  return `${kubectl} patch pv ${volume} --type=merge -p '${JSON.stringify(patch)}'`;
}

/** The command that keeps the data of a PersistentVolume when its claim is deleted. */
export function keepData(volume: string, kubectl = 'kubectl'): string {
  return `${kubectl} patch pv ${volume} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`;
}
