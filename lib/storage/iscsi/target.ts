import type { Advice } from '../../core/advice';
import { isSameIscsiName } from '../../core/iscsi-names';
import { bytesOf, readableBytes } from '../../core/quantity';
import { inspectTarget } from '../../nodes/observation';
import type { ProbedSource } from '../../scripts/copy/probe-source';
import { checkFileSystem } from '../../scripts/lun/check-file-system';
import { formatLun } from '../../scripts/lun/format-lun';
import { mountedErrors } from '../../scripts/lun/mounted-errors';
import { releaseLun } from '../../scripts/lun/release-lun';
import type { SeenLun } from '../../scripts/lun/seen-lun';
import { superblockErrors } from '../../scripts/lun/superblock-errors';
import type { IscsiVolume } from '../../volumes/iscsi';
import { persistentVolumeName } from '../../volumes/static-volume';
import { fileSystemUuid, madeByAttempt } from '../file-system-uuid';
import type { FoundTarget, TargetJudgement, TargetSlots } from '../target';
import { findAdoptable } from './adopt';
import { expectedLines } from './expected-time';
import { targetFindings } from './findings';
import { grow, grown } from './grow';
import { identifyLun } from './identify-lun';
import { type DiskIdentity, identityOfLun, iscsiIdentity } from './identity';
import { locateDisk } from './locate-disk';
import { describeLun, fileSystemOfLun, plannedLun } from './places';
import { recommendedSize, spaceShortfall } from './recommended-size';
import { alreadySealed, type LunFacts } from './sealed-lun';
import { wipe } from './wipe';

/** A LUN that data is moved to. */
export const iscsiTarget: TargetSlots<IscsiVolume, DiskIdentity, undefined> = {
  inspectTarget: async (volume, { nodes, observe, chap }) => {
    const { targetPortal: portal, iqn, lun, initiatorName } = volume;
    const looks = await observe();
    // A plan refuses an initiator name of the volume's own, so the target is not inspected then.
    return { looks: initiatorName ? looks : await inspectTarget(nodes, looks, { portal, iqn, lun }, chap) };
  },
  judgeTarget,
  roomRefusals,
  expectedLines: ({ size }, found) => expectedLines(found, bytesOf(size)),
  prepare: (volume, { identity, attempt, chap }) => {
    const fileSystem = fileSystemOfLun(volume);
    return {
      name: 'format',
      text: `reads all of ${readableBytes(identity.bytes)}, and where every byte is zero makes ${fileSystem} with UUID ${attempt.uuid}`,
      script: formatLun(plannedLun(volume, identity), attempt, fileSystem, chap),
    };
  },
  release: (volume, { identity, attempt, chap }) => ({
    name: 'release',
    text: 'checks that nothing uses the LUN there and that it is not sealed, and logs out of it',
    script: releaseLun(plannedLun(volume, identity), attempt, chap),
  }),
  describeTarget: (volume, { bytes, wwn }) =>
    `${describeLun(volume)} at ${volume.targetPortal}: ${readableBytes(bytes)}, ${wwn}`,
  remedyForLeft: (app) => `nothing but "lunward wipe ${app}" makes it blank again`,
  fileSystems: {
    findAdoptable,
    wipe,
    grow,
    grown,
    mountedErrors,
    superblockErrors: ({ targetPortal: portal, iqn, lun, initiatorName }, chap) =>
      initiatorName ? undefined : superblockErrors({ portal, iqn, lun }, chap),
    hasSession: ({ iqn }, { sessions }) => sessions.some((session) => isSameIscsiName(session.iqn, iqn)),
    check: ({ targetPortal: portal, iqn, lun }, known, chap) =>
      checkFileSystem({ portal, iqn, lun, ...(known && { wwn: known.target.wwn, uuid: known.uuid }) }, chap),
  },
  // Under an initiator name of its own the target shows other things than to the node.
  findings: (volume, seen) => (volume.initiatorName ? [] : targetFindings({ volume, ...seen })),
};

/** The disk that a description means, if it is blank, or holds what this attempt has made. */
function judgeTarget(facts: LunFacts): TargetJudgement<FoundTarget<DiskIdentity>> {
  const { volume, attempt } = facts;
  const sealed = alreadySealed(facts);
  if (sealed) return sealed;
  const { disk, refusals } = locateDisk(facts);
  if (!disk) return { refusals };
  const { seen, node } = disk;
  const ours = fileSystemUuid({ volume: persistentVolumeName(volume), attempt, place: seen.wwn });
  const content = leftRefusal(facts, seen) ?? contentRefusal(facts, seen, ours);
  if (content) return { refusals: [content] };
  return { found: { identity: identityOfLun(seen), node, isPrepared: seen.uuid === ours } };
}

/** An abandoned attempt may have left content that can't be recognised, so its disk is wiped before the next attempt. */
function leftRefusal({ app, volume, latest }: LunFacts, seen: SeenLun): Advice | undefined {
  const name = persistentVolumeName(volume);
  if (!latest || !iscsiIdentity.isSame(latest.target, identityOfLun(seen))) return undefined;
  if (!madeByAttempt({ ...latest, volume: name, place: latest.target.wwn })) return undefined;
  if (latest.state !== 'rolled-back' && latest.state !== 'abandoned' && latest.state !== 'wiping') return undefined;
  if (seen.content && seen.uuid !== latest.uuid) return undefined;
  const subject = describeLun(volume);
  if (latest.state === 'rolled-back') {
    const why = latest.neverLive ? 'what was sealed' : `it holds what ${app} wrote there, and`;
    return {
      code: 'holds-app-data',
      subject,
      found: `was sealed as attempt ${latest.attempt} of PersistentVolume ${name}, and ${app} was rolled back from it at ${latest.at}: ${why} is not formatted again`,
      remedy: 'make a new LUN on the NAS, and describe it as a further generation, with a name of its own',
    };
  }
  const what = seen.content ? `holds ${seen.content} with UUID ${seen.uuid}` : 'may not be blank';
  return {
    code: 'not-wiped',
    subject,
    found: `${what}: what attempt ${latest.attempt} of PersistentVolume ${name} left, which was given up at ${latest.at}`,
    remedy: `"lunward wipe ${app}" makes it blank again`,
  };
}

/** What is on it may be ours, from a run that ended early. Whether the rest of it is blank is found out by reading it. */
function contentRefusal({ app, volume }: LunFacts, { content, uuid }: SeenLun, ours: string): Advice | undefined {
  const subject = describeLun(volume);
  const wanted = fileSystemOfLun(volume);
  if (!content || (uuid === ours && content === wanted)) return undefined;
  if (uuid === ours) {
    return {
      code: 'file-system-differs',
      subject,
      found: `holds ${content}, which this attempt made`,
      expected: `${wanted}, as formatAs describes it now`,
      remedy: `describe it as before; or "lunward abort ${app}", then "lunward wipe ${app}"`,
    };
  }
  return {
    code: 'not-blank',
    subject,
    found: `holds ${content}${uuid ? ` with UUID ${uuid}` : ''}: it is not blank, and is never formatted`,
    remedy: `if that is this app's data, adopt it with "lunward seal"; else make a new LUN on the NAS`,
  };
}

function roomRefusals({ volume, looks }: LunFacts, found: ProbedSource, source: string): Advice[] {
  const { lun } = identifyLun(volume, looks);
  const reason = lun && spaceShortfall(found, lun.bytes);
  if (!reason) return [];
  return [
    { code: 'no-room', subject: source, found: reason, remedy: `grow the LUN, and size, to ${recommendedSize(found)}` },
  ];
}
