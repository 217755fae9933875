import type { Chap } from '../chap';
import { type Attempt, attemptParameters, type FileSystemType } from '../lun/format-lun';
import { type CopySource, sourceParameters, sourceSecrets } from './source';
import { type CopyTarget, targetParameters, targetSecrets } from './target';

/** A volume that is being filled, and what from. */
export interface CopyProps {
  readonly source: CopySource;
  readonly target: CopyTarget;
  readonly attempt: Attempt;
  /** Of the target: of a LUN as it is formatted. */
  readonly fileSystem: FileSystemType | 'nfs';
  readonly chap?: Chap;
}

/** The same as scripts are given it, without what they are given by itself. */
export function copyParameters({ source, target, attempt, fileSystem }: CopyProps) {
  return {
    ...sourceParameters(source),
    ...targetParameters(target, fileSystem),
    ...attemptParameters(attempt),
  };
}

/** What no hash of a script depends on. */
export function copySecrets({ source, target, chap }: CopyProps) {
  return { ...sourceSecrets(source), ...targetSecrets(target, chap) };
}
