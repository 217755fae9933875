import type { Refusal } from '../../core/refusal';
import type { FileSystemType } from '../../scripts/lun/format-lun';
import type { ProbedVolume } from '../../scripts/lun/probe-volume';
import type { SeenLun } from '../../scripts/lun/seen-lun';
import { fileSystemUuid, madeByAttempt } from '../../storage/file-system-uuid';
import { type Disk, locateDisk } from '../../storage/iscsi/locate-disk';
import { describeIdentity, describeStorage, identityName } from '../../storage/registry';
import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import { type JournalEntry, stageOf } from '../journal/journal';
import { lunAlreadySealed, type Planned, planned, sealStep, type TargetFacts } from './plan';

/** What adopting a volume follows from. */
export interface SealFacts extends TargetFacts {
  /** What is on it, or why that is not known; nothing where the plan is refused without. */
  readonly found?: ProbedVolume | string;
}

/** The disk that could be adopted, with its file system, which is looked at for that. */
export function adoptable(facts: TargetFacts): { readonly disk: Disk; readonly type: FileSystemType } | undefined {
  if (lunAlreadySealed(facts)) return undefined;
  const { disk } = locateDisk(facts, () => sealRefusals(facts));
  const type = disk && typeOf(disk.seen);
  return type && { disk, type };
}

/** The plan to adopt a volume that holds the app's data already: it is marked as whole, and nothing else is written to it. */
export function planSeal(facts: SealFacts): Planned {
  const { app, mountPath, volume, found, chap } = facts;
  const name = persistentVolumeName(volume);
  const sealed = lunAlreadySealed(facts);
  if (sealed) return sealed;
  const { disk, refusals } = locateDisk(facts, () => sealRefusals(facts));
  if (!disk) return { refusals };
  const { node, seen, lun } = disk;
  const type = typeOf(seen);
  if (!type) return { refusals: [contentRefusal(volume, seen, app)] };
  if (found === undefined || typeof found === 'string') {
    return { refusals: [{ subject: describeStorage(volume), reason: `can't be looked at: ${found ?? 'nobody has'}` }] };
  }
  const number = sealedNumber(found, name, seen.uuid);
  const refusal = number === undefined ? unmarkedRefusal(facts, seen, found) : markedRefusal(facts, name, number);
  if (refusal) return { refusals: [refusal] };
  const attempt = { volume: name, attempt: number ?? facts.attempt, uuid: seen.uuid };
  return planned({
    app,
    mountPath,
    volume: name,
    target: lun,
    attempt,
    begins: 'intent',
    steps: [sealStep({ node, target: lun, attempt, fileSystem: type, chap }, 'none')],
    whenItFails: 'The data on the LUN is as it was; it may have its marker already, which is recognised',
  });
}

/** What is on a volume: lines for a person, who must know whether that is the app's data. */
export function volumeLines({ names }: ProbedVolume): string[] {
  if (names.length === 0) return ['it holds no file'];
  const shown = names.slice(0, 10).join(', ');
  return [`at its root: ${shown}${names.length > 10 ? ', …' : ''}`];
}

function typeOf({ content, uuid }: SeenLun): FileSystemType | undefined {
  return uuid && (content === 'ext4' || content === 'xfs') ? content : undefined;
}

/** What is in the way whatever the volume holds. */
function sealRefusals({ app, volume, latest }: TargetFacts): Refusal[] {
  const name = persistentVolumeName(volume);
  // One that began to adopt it and was cut off is taken up again.
  const isUnderWay =
    latest &&
    stageOf(latest) === 'under way' &&
    madeByAttempt({ ...latest, volume: name, place: identityName(latest.target) });
  return isUnderWay ? [underWay(app, name, latest)] : [];
}

function underWay(app: string, name: string, { attempt, state, at, target }: JournalEntry): Refusal {
  return {
    subject: `PersistentVolume ${name}`,
    reason: `is under way as attempt ${attempt} (${state} since ${at}) on ${describeIdentity(target)}: what it holds is not whole`,
    remedy: `the command that began it goes on; to give it up: "lunward abort ${app}"`,
  };
}

function contentRefusal(volume: IscsiVolume, { content, uuid }: SeenLun, app: string): Refusal {
  if (!content) {
    return {
      subject: describeStorage(volume),
      reason: 'holds nothing that is recognised: there is nothing to adopt',
      remedy: `"lunward plan ${app}" says what can be done with it`,
    };
  }
  return {
    subject: describeStorage(volume),
    reason: `holds ${content}${uuid ? ` with UUID ${uuid}` : ''}: only ext4 or xfs on the whole disk, without partitions, is adopted`,
    remedy: `have it filled from where the data is now: a LUN that is blank, behind that in the description; "lunward plan ${app}" then says how`,
  };
}

/** The attempt as which the volume is sealed already. */
function sealedNumber({ marker }: ProbedVolume, name: string, uuid: string): number | undefined {
  const isOurs = marker.state === 'sealed' && marker.volume === name && marker.uuid === uuid;
  return isOurs && /^[1-9]\d*$/.test(marker.attempt) ? Number(marker.attempt) : undefined;
}

/** A marker that was there before the journal, or outlived it, is written down; not one that the journal has given up. */
function markedRefusal({ volume, latest }: TargetFacts, name: string, number: number): Refusal | undefined {
  if (!latest || latest.attempt < number) return undefined;
  if (latest.attempt === number && stageOf(latest) === 'under way') return undefined;
  return {
    subject: describeStorage(volume),
    reason: `is sealed as attempt ${number} of ${name}, which was given up: the journal says attempt ${latest.attempt} is ${latest.state} since ${latest.at}`,
    remedy: 'make a new LUN on the NAS, and copy to it what you want to keep',
  };
}

function unmarkedRefusal(facts: TargetFacts, seen: SeenLun, { marker, names }: ProbedVolume): Refusal | undefined {
  const { app, volume } = facts;
  const subject = describeStorage(volume);
  if (Object.values(marker).some(Boolean)) {
    return {
      subject,
      reason: `has a marker: ${marker.state || 'no state'} as attempt ${marker.attempt || 'of no number'} of PersistentVolume ${marker.volume || 'of no name'}, with file system ${marker.uuid || 'of no UUID'}: it is not adopted`,
      remedy:
        'map the LUN that is meant; or describe this one under the name of the PersistentVolume that its marker says',
    };
  }
  if (madeByAnAttempt(facts, seen)) {
    return {
      subject,
      reason: `holds what an attempt of lunward has left, UUID ${seen.uuid}, without a marker: what it holds is not whole`,
      remedy: `"lunward plan ${app}" says what can be done with it`,
    };
  }
  if (names.length > 0) return undefined;
  return {
    subject,
    reason: `holds ${seen.content} with UUID ${seen.uuid} and no file: there is nothing to adopt`,
    remedy: 'copy the data there first; or make a new LUN on the NAS, which lunward formats',
  };
}

/** One that was cut off before it wrote its marker, or wiped in part; without a journal it can only have been the first. */
function madeByAnAttempt({ volume, latest }: TargetFacts, { wwn, uuid }: SeenLun): boolean {
  const name = persistentVolumeName(volume);
  const attempts = Array.from({ length: latest?.attempt ?? 1 }, (_, index) => index + 1);
  return attempts.some((attempt) => uuid === fileSystemUuid({ volume: name, attempt, place: wwn }));
}
