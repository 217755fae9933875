import { z } from 'zod';
import type { Chap } from '../chap';
import { type Attempt, attemptParameters } from '../lun/format-lun';
import { type Parameter, renderScript, type Script } from '../script';
import { names } from './probe-source';
import { type CopyTarget, placeParameters, targetSecrets } from './target';

const count = z.number().int();
/** `files` counts every name; `bytes` counts a file with several names once. */
const amount = z.object({ files: count, bytes: count });
/** The same, with the first names. */
const told = z.object({ files: names, bytes: count });

const facts = z.object({
  /** The app's own mount, through which the volume was read; empty if the script mounted it. */
  mountpoint: z.string(),
  /** SHA-256 of the list of what the volume held when it was sealed, as named in the marker. */
  manifest: z.string().regex(/^[0-9a-f]{64}$/),
  /** What that list contains. Folders, links, owners and modes are not in it. */
  sealed: amount,
  /** Listed files with their sealed size and time and, if files were read, their sealed bytes. */
  same: amount,
  /** Files with their sealed size and time but other bytes on the disk: no known process wrote them. */
  damaged: told,
  /** Files with their sealed size and time that could not be read. */
  unreadable: told,
  /** Files with another size or time: they were written to since. */
  changed: told,
  added: told,
  /** Listed files that are gone. `bytes` is their sealed size, and counts every name. */
  removed: told,
  /** The first complaint about a file that could not be read; empty if all could be read. */
  complaint: z.string(),
  /** Bytes read from the disk while files were read, including the app's reads if it runs. */
  bytesRead: count,
  seconds: count,
});

/** What a sealed volume holds, compared with what it held when it was sealed. */
export type VerifiedVolume = z.infer<typeof facts>;

/** A sealed volume, and how the node uses it. */
export interface SealedVolumeProps {
  readonly target: CopyTarget;
  readonly attempt: Attempt;
  /** Whether the app runs on the node, so a LUN is mounted there. If false, no node may use it. */
  readonly isUsed: boolean;
  readonly chap?: Chap;
}

/** A sealed volume as script parameters, without secrets. */
export function sealedParameters({ target, attempt, isUsed }: SealedVolumeProps): Record<string, Parameter> {
  return { ...placeParameters(target), ...attemptParameters(attempt), used: isUsed ? 'yes' : 'no' };
}

export interface VerifyVolumeProps extends SealedVolumeProps {
  /** Whether every file is read. If false, only size and time are compared, which shows what was written since. */
  readonly readsFiles: boolean;
  /** The most names that are reported of each kind. @default 20 */
  readonly mostNames?: number;
}

/**
 * Compares a sealed volume with the list of what it held when it was sealed: size, time and bytes of its files. It
 * reads bytes from the disk, not from the node's cache; whether the NAS answers from its own memory can't be known.
 * Nothing is written to the volume. It declines if this is another volume, if it was sealed without a list, and if the
 * list is not the one that the marker names.
 */
export function verifyVolume(props: VerifyVolumeProps): Script<VerifiedVolume> {
  const { readsFiles, mostNames = 20, chap } = props;
  const parameters = {
    ...sealedParameters(props),
    hashes: readsFiles ? 'yes' : 'no',
    // Reading a file while the app runs starts several processes, one after the other.
    processes: 8,
    most_names: mostNames,
  };
  return renderScript('copy/verify-volume', parameters, facts, targetSecrets(props.target, chap));
}
