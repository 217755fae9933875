import { z } from 'zod';
import type { Chap } from '../chap';
import { type Attempt, attemptParameters } from '../lun/format-lun';
import { type Parameter, renderScript, type Script } from '../script';
import { names } from './probe-source';
import { type CopyTarget, placeParameters, targetSecrets } from './target';

const count = z.number().int();
/** Files, each name of one, and their length, in which one of several names counts once. */
const amount = z.object({ files: count, bytes: count });
/** The same, with the first of their names. */
const told = z.object({ files: names, bytes: count });

const facts = z.object({
  /** The app's own mount, which it was looked at through; empty where it was mounted for that. */
  mountpoint: z.string(),
  /** SHA-256 of the list of what the volume held when it was sealed, which its marker names. */
  manifest: z.string().regex(/^[0-9a-f]{64}$/),
  /** What that list has. Folders, links, owners and modes are not in it. */
  sealed: amount,
  /** Of these, those with the size and time of then; where files were read, with the bytes of then, too. */
  same: amount,
  /** With the size and time of then, and other bytes on the disk: nobody is known to have written them. */
  damaged: told,
  /** With the size and time of then, and no answer when they were read. */
  unreadable: told,
  /** With another size or time: they were written to since. */
  changed: told,
  added: told,
  /** As long as they were then, each name for itself. */
  removed: told,
  /** What was said of the first file that could not be read; empty where all could. */
  complaint: z.string(),
  /** From the disk while files were read; with what the app read meanwhile, where it runs. */
  bytesRead: count,
  seconds: count,
});

/** What a sealed volume holds, against what it held when it was sealed. */
export type VerifiedVolume = z.infer<typeof facts>;

/** A volume that was sealed, and what is done with it on the node. */
export interface SealedVolumeProps {
  readonly target: CopyTarget;
  readonly attempt: Attempt;
  /** Whether the app runs on the node, so that a LUN is mounted there. Else nobody anywhere may use it. */
  readonly isUsed: boolean;
  readonly chap?: Chap;
}

/** The same as scripts are given it. */
export function sealedParameters({ target, attempt, isUsed }: SealedVolumeProps): Record<string, Parameter> {
  return { ...placeParameters(target), ...attemptParameters(attempt), used: isUsed ? 'yes' : 'no' };
}

export interface VerifyVolumeProps extends SealedVolumeProps {
  /** Whether every file is read. Without, only what size and time tell is told: what was written since. */
  readonly readsFiles: boolean;
  /** So many of a kind are told by name. @default 20 */
  readonly mostNames?: number;
}

/**
 * Holds a sealed volume against the list of what it held when it was sealed, by its files' size, time and bytes, these read from
 * the disk and not from the memory of the node; whether the NAS answers from its own can't be told. Nothing is written to it. It
 * declines where it is another volume, where it was sealed without a list, and where the list is not the one that the marker names.
 */
export function verifyVolume(props: VerifyVolumeProps): Script<VerifiedVolume> {
  const { readsFiles, mostNames = 20, chap } = props;
  const parameters = {
    ...sealedParameters(props),
    hashes: readsFiles ? 'yes' : 'no',
    // A file that is read while the app runs takes some processes, one after the other.
    processes: 8,
    most_names: mostNames,
  };
  return renderScript('copy/verify-volume', parameters, facts, targetSecrets(props.target, chap));
}
