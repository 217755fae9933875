import type { AdviceCode } from '../../core/advice-codes';
import type { SeenLun } from '../../scripts/lun/seen-lun';

/** The described LUN. */
export interface WantedLun {
  readonly lun: number;
  /** Of the PersistentVolume, in bytes. */
  readonly bytes: number;
}

/** Which of the LUNs of a target is meant, or why that can't be said. */
export type LunMatch =
  | { readonly lun: SeenLun; readonly problem?: undefined }
  | { readonly lun?: undefined; readonly code: AdviceCode; readonly problem: string; readonly remedy?: string };

/**
 * Finds the LUN that a description means among those that a node sees. A number that is not there is never replaced by
 * another one: the description must be changed first, since the kubelet goes by the number alone.
 */
export function matchLun(wanted: WantedLun, seen: readonly SeenLun[]): LunMatch {
  const found = seen.filter(({ lun }) => lun === wanted.lun);
  if (found.length > 1)
    return {
      code: 'lun-ambiguous',
      problem: `${found.length} devices have LUN number ${wanted.lun}: log out of all sessions but one`,
    };
  const [lun] = found;
  if (!lun)
    return { code: 'lun-not-found', problem: `the target shows no LUN ${wanted.lun} to this node`, remedy: ABSENT };
  if (lun.bytes < wanted.bytes) {
    return {
      code: 'lun-size-differs',
      problem: `LUN ${lun.lun} has ${lun.bytes} bytes, ${wanted.bytes} are described: grow it on the NAS, or describe its size`,
    };
  }
  // A NAS rounds up by some blocks; a LUN that is much larger is another one, or one that was grown and not described.
  if (lun.bytes > wanted.bytes * (1 + TOLERANCE)) {
    return {
      code: 'lun-size-differs',
      problem: `LUN ${lun.lun} has ${lun.bytes} bytes, ${wanted.bytes} are described: see whether it is the right one`,
    };
  }
  return { lun };
}

/** By which part of it a LUN may be larger than described. */
export const TOLERANCE = 0.01;

/** Other LUNs that a node shows are never proposed: it shows them because another app uses them. */
const ABSENT =
  "map it to the node's initiator name on the NAS, or describe the number that nodes see, which may be another one than the NAS shows: " +
  '"lunward discover" lists them';
