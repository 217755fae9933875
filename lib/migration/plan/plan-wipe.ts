import { readableBytes } from '../../core/quantity';
import type { Refusal } from '../../core/refusal';
import { wipeLun } from '../../scripts/lun/wipe-lun';
import { madeByAttempt } from '../../storage/file-system-uuid';
import { identityOfLun } from '../../storage/iscsi/identity';
import { locateDisk } from '../../storage/iscsi/locate-disk';
import { identityName, isSameIdentity } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import { type JournalEntry, stageOf } from '../journal/journal';
import { fileSystemOf, type Planned, planned, type TargetFacts } from './plan';

/** Those of an app's volumes that are meant: where an attempt has left something on one, no others. */
export function volumesToWipe<Volume extends Pick<TargetFacts, 'latest'>>(
  volumes: readonly Volume[],
): readonly Volume[] {
  const left = volumes.filter(({ latest }) => latest?.state === 'abandoned' || latest?.state === 'wiping');
  return left.length > 0 ? left : volumes;
}

/** The plan to zero a LUN that holds what an attempt of ours has left, one that was given up. */
export function planWipe(facts: TargetFacts): Planned {
  const { app, mountPath, volume, latest, chap } = facts;
  const name = persistentVolumeName(volume);
  const subject = `PersistentVolume ${name}`;
  if (!latest) return { refusals: [neverBegun(subject)] };
  if (latest.state === 'wiped') {
    return { done: `${subject}: what attempt ${latest.attempt} had left was wiped at ${latest.at}` };
  }
  const refusal = attemptRefusal(app, name, latest);
  if (refusal) return { refusals: [refusal] };
  const { disk, refusals } = locateDisk(facts);
  if (!disk) return { refusals };
  const { node, seen, lun } = disk;
  const { attempt: number, uuid, target } = latest;
  const lunSubject = `LUN ${lun.lun} of ${lun.iqn}`;
  if (!isSameIdentity(target, identityOfLun(seen))) {
    return {
      refusals: [
        {
          subject: lunSubject,
          reason: `is disk ${seen.wwn}, and attempt ${number} was on ${identityName(target)}: what it holds is not known, and is never wiped`,
          remedy:
            'map the LUN that the attempt was on; or go on with this one: "lunward plan" says whether it can be used',
        },
      ],
    };
  }
  if (seen.content && seen.uuid !== uuid) {
    return {
      refusals: [
        {
          subject: lunSubject,
          reason: `holds ${seen.content}${seen.uuid ? ` with UUID ${seen.uuid}` : ''}, and attempt ${number} left UUID ${uuid}: it is somebody else's, and is never wiped`,
          remedy: 'make a new LUN on the NAS',
        },
      ],
    };
  }
  const attempt = { volume: name, attempt: number, uuid };
  // The description may say another one by now.
  const type = seen.content === 'ext4' || seen.content === 'xfs' ? seen.content : fileSystemOf(volume);
  return planned({
    app,
    mountPath,
    volume: name,
    target: lun,
    attempt,
    begins: 'wiping',
    steps: [
      {
        name: 'wipe',
        node,
        text: `overwrites all of ${readableBytes(lun.bytes)} with zeros, if it is what attempt ${number} left (UUID ${uuid}) and was never sealed`,
        script: wipeLun(lun, attempt, type, chap),
        reaches: 'wiped',
      },
    ],
    whenItFails: 'A LUN that was zeroed in part is recognised; one that it declined holds what it held',
  });
}

function neverBegun(subject: string): Refusal {
  return {
    subject,
    reason: 'was never begun, by the journal: only what an attempt of lunward has left is wiped, and nothing else',
    remedy: 'make a new LUN on the NAS',
  };
}

function attemptRefusal(app: string, name: string, latest: JournalEntry): Refusal | undefined {
  const subject = `PersistentVolume ${name}`;
  const stage = stageOf(latest);
  if (latest.state === 'rolled-back') {
    return {
      subject,
      reason: `was sealed as attempt ${latest.attempt}, and the app was taken back from it at ${latest.at}: it may hold what the app wrote there, and is never wiped`,
      remedy: 'make a new LUN on the NAS, and describe it as a further generation, with a name of its own',
    };
  }
  if (stage === 'sealed') {
    return {
      subject,
      reason: `is sealed as attempt ${latest.attempt} since ${latest.at}: what is sealed is never wiped`,
    };
  }
  if (stage === 'under way') {
    return {
      subject,
      reason: `is under way as attempt ${latest.attempt} (${latest.state} since ${latest.at})`,
      remedy: `to give it up: "lunward abort ${app}"`,
    };
  }
  if (madeByAttempt({ ...latest, volume: name, place: identityName(latest.target) })) return undefined;
  return {
    subject,
    reason: `was given up as attempt ${latest.attempt} on file system ${latest.uuid}, which lunward has not made: it is never wiped`,
    remedy: 'make a new LUN on the NAS',
  };
}
