import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { TargetFacts, TargetJudgement } from '../target';
import { identifyLun } from './identify-lun';
import { type DiskIdentity, identityOfLun, iscsiIdentity } from './identity';

/** What a plan for a LUN follows from. */
export type LunFacts = TargetFacts<IscsiVolume, DiskIdentity, undefined>;

/** Of a LUN that the journal calls sealed: whether it is that one, whoever uses it now. */
export function alreadySealed({ volume, latest, looks }: LunFacts): TargetJudgement<never> | undefined {
  const { lun: seen } = identifyLun(volume, looks);
  if (latest?.state !== 'sealed' || !seen) return undefined;
  const subject = `PersistentVolume ${persistentVolumeName(volume)}`;
  const { wwn } = latest.target;
  if (iscsiIdentity.isSame(latest.target, identityOfLun(seen)) && latest.uuid === seen.uuid) {
    return { done: `${subject} is sealed as attempt ${latest.attempt} since ${latest.at}` };
  }
  return {
    refusals: [
      {
        code: 'disk-differs',
        subject,
        found:
          `was sealed on disk ${wwn} with file system ${latest.uuid}, ` +
          `and LUN ${seen.lun} is disk ${seen.wwn} with ${seen.uuid || 'none that is recognised'}`,
        remedy: 'map the LUN that it was sealed on; or give the new one a name of its own, as a new generation',
      },
    ],
  };
}
