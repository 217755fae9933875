import type { Chap } from '../chap';
import { type Attempt, attemptParameters } from '../lun/format-lun';
import { type CopySource, sourceParameters, sourceSecrets } from './source';
import { type CopyTarget, targetParameters, targetSecrets } from './target';

/** A volume that is being filled, and its source. */
export interface CopyProps {
  readonly source: CopySource;
  readonly target: CopyTarget;
  readonly attempt: Attempt;
  /** The target's file system, as `bash/target-KIND.sh` calls it; for a LUN, the one it was formatted with. */
  readonly fileSystem: string;
  readonly chap?: Chap;
}

/** A copy as script parameters, without secrets. */
export function copyParameters({ source, target, attempt, fileSystem }: CopyProps) {
  return {
    ...sourceParameters(source),
    ...targetParameters(target, fileSystem),
    ...attemptParameters(attempt),
  };
}

/** Parameters that are left out of a script's hash. */
export function copySecrets({ source, target, chap }: CopyProps) {
  return { ...sourceSecrets(source), ...targetSecrets(target, chap) };
}
