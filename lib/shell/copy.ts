import { type Chap, credentials } from './chap';
import { type Attempt, attemptParameters, type FileSystemType, lunParameters, type PlannedLun } from './format-lun';
import { type CopySource, sourceParameters, sourceSecrets } from './source';

/** A volume that is being filled, and what from. */
export interface CopyProps {
  readonly source: CopySource;
  readonly target: PlannedLun;
  readonly attempt: Attempt;
  readonly fileSystem: FileSystemType;
  readonly chap?: Chap;
}

/** The same as scripts are given it, without what they are given by itself. */
export function copyParameters({ source, target, attempt, fileSystem }: CopyProps) {
  return {
    ...sourceParameters(source),
    ...lunParameters(target),
    ...attemptParameters(attempt),
    type: fileSystem,
  };
}

/** What no hash of a script depends on. */
export function copySecrets({ source, chap }: CopyProps) {
  return { ...sourceSecrets(source), chap: credentials(chap) };
}
