import type { SeenLun } from '../../scripts/lun/seen-lun';

/** The LUN that a description wants. */
export interface WantedLun {
  readonly lun: number;
  /** Of the PersistentVolume, in bytes. */
  readonly bytes: number;
}

/** Which of the LUNs of a target is meant, or why that can't be said. */
export type LunMatch =
  | { readonly lun: SeenLun; readonly problem?: undefined }
  | { readonly lun?: undefined; readonly problem: string };

/**
 * Finds the LUN that a description means among those that a node sees. A number that is not there is never replaced by
 * another one: the description must be changed first, since the kubelet goes by the number alone.
 */
export function matchLun(wanted: WantedLun, seen: readonly SeenLun[]): LunMatch {
  const found = seen.filter(({ lun }) => lun === wanted.lun);
  if (found.length > 1)
    return { problem: `${found.length} devices have LUN number ${wanted.lun}: log out of all sessions but one` };
  const [lun] = found;
  if (!lun) return { problem: absent(wanted, seen) };
  if (lun.bytes < wanted.bytes) {
    return {
      problem: `LUN ${lun.lun} has ${lun.bytes} bytes, ${wanted.bytes} are described: grow it on the NAS, or describe its size`,
    };
  }
  // A NAS rounds up by some blocks; a LUN that is much larger is another one, or one that was grown and not described.
  if (lun.bytes > wanted.bytes * (1 + TOLERANCE)) {
    return {
      problem: `LUN ${lun.lun} has ${lun.bytes} bytes, ${wanted.bytes} are described: see whether it is the right one`,
    };
  }
  return { lun };
}

/** By which part of it a LUN may be larger than described. */
export const TOLERANCE = 0.01;

function absent(wanted: WantedLun, seen: readonly SeenLun[]): string {
  if (seen.length === 0) return 'the target shows no LUN to this node: map one to it on the NAS';
  const numbers = seen.map(({ lun }) => lun).sort((one, other) => one - other);
  const list = `the target has no LUN ${wanted.lun}, but ${numbers.join(', ')}`;
  const [sole] = seen;
  return seen.length === 1 && sole && matchLun({ ...wanted, lun: sole.lun }, seen).lun
    ? `${list}, which has the size that is described: a NAS may show another number than nodes see; write lun: ${sole.lun}`
    : `${list}: write the one that is meant`;
}
