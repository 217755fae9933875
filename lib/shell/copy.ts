import type { Chap } from './chap';
import { type Attempt, attemptParameters, type FileSystemType, lunParameters, type PlannedLun } from './format-lun';
import { type NfsSource, sourceParameters } from './probe-source';

/** A volume that is being filled, and what from. */
export interface CopyProps {
  readonly source: NfsSource;
  readonly target: PlannedLun;
  readonly attempt: Attempt;
  readonly fileSystem: FileSystemType;
  readonly chap?: Chap;
}

/** The same as scripts are given it; the credentials of CHAP are secrets and go by themselves. */
export function copyParameters({ source, target, attempt, fileSystem }: CopyProps) {
  return {
    ...sourceParameters(source),
    ...lunParameters(target),
    ...attemptParameters(attempt),
    type: fileSystem,
  };
}
