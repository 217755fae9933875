/** A claim as a PersistentVolume refers to it. */
export interface ClaimName {
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * Returns the command that lets a claim of this name bind to a PersistentVolume whose claim is gone. Without a uid the
 * controller binds the volume to the next claim of this name, and to no other.
 *
 * @param kubectl the command as the operator calls it for this cluster
 */
export function giveBack(volume: string, { namespace, name }: ClaimName, kubectl = 'kubectl'): string {
  const patch = { spec: { claimRef: { namespace, name, uid: null, resourceVersion: null } } };
  return `${kubectl} patch pv ${volume} --type=merge -p '${JSON.stringify(patch)}'`;
}

/** Returns the command that keeps the data of a PersistentVolume when its claim is deleted. */
export function keepData(volume: string, kubectl = 'kubectl'): string {
  return `${kubectl} patch pv ${volume} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`;
}
