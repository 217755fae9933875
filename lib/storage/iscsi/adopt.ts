import type { Advice } from '../../core/advice';
import type { Chap } from '../../scripts/chap';
import type { FileSystemType } from '../../scripts/lun/format-lun';
import { probeVolume } from '../../scripts/lun/probe-volume';
import type { SeenLun } from '../../scripts/lun/seen-lun';
import type { IscsiVolume } from '../../volumes/iscsi';
import type { Adoptable, TargetJudgement } from '../target';
import { type DiskIdentity, identityOfLun } from './identity';
import { locateDisk } from './locate-disk';
import { describeLun } from './places';
import { alreadySealed, type LunFacts } from './sealed-lun';

/** The disk that could be adopted, with its file system, which is inspected for that. */
export function findAdoptable(facts: LunFacts & { readonly chap?: Chap }): TargetJudgement<Adoptable<DiskIdentity>> {
  const sealed = alreadySealed(facts);
  if (sealed) return sealed;
  const { disk, refusals } = locateDisk(facts);
  if (!disk) return { refusals };
  const { seen, node, lun } = disk;
  const fileSystem = typeOf(seen);
  if (!fileSystem) return { refusals: [contentRefusal(facts.volume, seen, facts.app)] };
  const probe = probeVolume(lun, fileSystem, facts.chap);
  return { found: { identity: identityOfLun(seen), node, uuid: seen.uuid, fileSystem, probe } };
}

function typeOf({ content, uuid }: SeenLun): FileSystemType | undefined {
  return uuid && (content === 'ext4' || content === 'xfs') ? content : undefined;
}

function contentRefusal(volume: IscsiVolume, { content, uuid }: SeenLun, app: string): Advice {
  const subject = describeLun(volume);
  if (!content) {
    return {
      code: 'nothing-to-adopt',
      subject,
      found: 'holds nothing that is recognised: there is nothing to adopt',
      remedy: `"lunward plan ${app}" says what can be done with it`,
    };
  }
  return {
    code: 'not-adoptable',
    subject,
    found: `holds ${content}${uuid ? ` with UUID ${uuid}` : ''}: only ext4 or xfs on the whole disk, without partitions, is adopted`,
    remedy: `move the data from where it is now: describe a blank LUN after that; "lunward plan ${app}" then says how`,
  };
}
