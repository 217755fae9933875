import { finalCopy } from '../shell/final-copy';
import { hashTrees } from '../shell/hash-trees';
import type { ProbedSource } from '../shell/probe-source';
import { unitName } from '../shell/unit';
import { LITTLE, warmCopy } from '../shell/warm-copy';
import { readableBytes } from '../spec/quantity';
import type { NfsVolume } from '../volumes/nfs';
import type { SettingPatch } from '../workload/facts';
import { damagedDatabases, healthLines } from './database-health';
import { lunOnNas } from './lun-on-nas';
import {
  formatStep,
  type LaterStep,
  type Planned,
  planOnTarget,
  type Step,
  type TargetFacts,
  type TargetWork,
} from './plan';
import { patchRefusals } from './planned-patches';
import { lackOfRoom, recommendedSize } from './recommended-size';
import type { Refusal } from './refusal';

/** What a plan to move a volume follows from. */
export interface MoveFacts extends TargetFacts {
  readonly source: NfsVolume;
  /** What is there, or why that is not known. */
  readonly found: ProbedSource | string;
  /** What is to be changed in it behind the copy. */
  readonly patches: readonly SettingPatch[];
}

/**
 * The plan to fill a LUN from a folder of an NFS server while the app goes on running.
 *
 * @returns every refusal there is, where there is one
 */
export function planMove(facts: MoveFacts): Planned {
  const { source, found, patches } = facts;
  return planOnTarget(
    facts,
    ({ bytes }) =>
      typeof found === 'string'
        ? [unknown(source, found)]
        : [...sourceRefusals(source, found, bytes), ...patchRefusals(source, found, patches)],
    (work) => moveSteps(work, source, found),
    (work) => laterSteps(work, facts),
  );
}

/** What a plan to move follows from besides the disk. */
export type WhatMoves = Pick<MoveFacts, 'source' | 'volume' | 'patches'>;

/** What is done once the copy is there: the app is down from the first of these to the last. */
export function laterSteps(
  { node, lun, attempt, fileSystem, chap }: TargetWork,
  { source, volume, patches }: WhatMoves,
): LaterStep[] {
  const changes = patches.map(({ path, element, to }) => `${path}: ${element.at(-1)} becomes ${to}`);
  return [
    {
      name: 'stop',
      text: `stops the app: pods with claim ${source.name} are refused, and that none is left is proven`,
    },
    {
      name: 'final',
      text:
        `on ${node}, copies what has changed, compares both sides, checks databases on copies` +
        `${changes.length > 0 ? `, changes settings where they are there (${changes.join('; ')})` : ''}, and seals the volume`,
      hash: finalCopy({ source, target: lun, attempt, fileSystem, chap, patches: [] }).hash,
    },
    { name: 'switch', text: `gives the app claim ${volume.name} in place of ${source.name}, which stays as it is` },
    { name: 'start', text: 'starts the app, and sees that it is well' },
  ];
}

/** What is done for a move, whatever of it is done already. */
export function moveSteps(work: TargetWork, source: NfsVolume, found: ProbedSource | string): Step[] {
  return [formatStep(work), copyStep(work, source, found), hashStep(work, source)];
}

function copyStep(
  { node, lun, attempt, fileSystem, chap }: TargetWork,
  source: NfsVolume,
  found: ProbedSource | string,
): Step {
  const size = typeof found === 'string' ? 'what is there' : `about ${readableBytes(found.bytes)}`;
  return {
    name: 'copy',
    node,
    text:
      `copies ${size} from ${source.server}:${source.path}, mounted read-only, while the app goes on; ` +
      `again until no more than ${readableBytes(LITTLE)} have changed meanwhile`,
    unit: unitName('copy', attempt),
    script: warmCopy({ source, target: lun, attempt, fileSystem, chap }),
  };
}

function hashStep({ node, lun, attempt, fileSystem, chap }: TargetWork, source: NfsVolume): Step {
  return {
    name: 'hash',
    node,
    text:
      'hashes every file of both sides, the copy from its disk, while the app goes on: ' +
      'once it is stopped, only what has changed since is read again',
    unit: unitName('hash', attempt),
    script: hashTrees({ source, target: lun, attempt, fileSystem, chap }),
    reaches: 'prepared',
  };
}

function unknown({ server, path }: NfsVolume, reason: string): Refusal {
  return { subject: `${server}:${path}`, reason: `can't be looked at: ${reason}` };
}

function sourceRefusals({ server, path }: NfsVolume, found: ProbedSource, lunBytes: number): Refusal[] {
  const refusals: Refusal[] = [];
  const subject = `${server}:${path}`;
  const { count, names } = found.unreadable;
  if (count > 0) {
    refusals.push({
      subject,
      reason: `holds ${count} that root of the node may not read, ${names[0]} for instance: the copy would not be whole`,
      remedy:
        'give the node root access to the export for the time of the move (no_root_squash, or "no mapping" on a NAS)',
    });
  }
  const { freeBytes } = found.room;
  if (freeBytes < FULL) {
    refusals.push({
      subject,
      reason: `has only ${readableBytes(freeBytes)} free on the NAS: databases can't be written whole there, so what would be copied may be torn`,
      remedy: 'make room on its pool (snapshots count), and see that the app runs well again',
    });
  }
  refusals.push(...damagedDatabases(subject, found));
  const lack = lackOfRoom(found, lunBytes);
  if (lack) {
    refusals.push({ subject, reason: lack, remedy: `grow the LUN, and size, to ${recommendedSize(found)}` });
  }
  return refusals;
}

/** With less than this a pool is full: a commit of a database may want as much. */
const FULL = 16 * 1024 ** 2;

/** What a source holds, and what of it asks for attention: lines for a person. */
export function sourceLines({ server, path }: NfsVolume, found: ProbedSource): string[] {
  const { databases, linkSets, linkSetsLeavingTree, sparseFiles, notUtf8, removedWhileOpen, room, version } = found;
  const inWal = databases.filter(({ wal }) => wal).length;
  return [
    `from ${server}:${path} by NFS ${version}: ${readableBytes(found.bytes)} in ${found.files} files and ${found.directories} folders`,
    ...(databases.length > 0
      ? [
          `  ${databases.length} SQLite databases, ${inWal} of them with a write-ahead log: ${list(databases.map((one) => one.path))}`,
          ...healthLines(found),
        ]
      : []),
    ...(linkSets > 0 ? [`  ${linkSets} files of several names, which stay one file`] : []),
    ...(linkSetsLeavingTree > 0
      ? [`  ${linkSetsLeavingTree} of them have a name outside this folder, and become files of their own`]
      : []),
    ...(sparseFiles > 0 ? [`  ${sparseFiles} files with holes, which stay holes`] : []),
    ...(notUtf8.count > 0 ? [`  ${notUtf8.count} names that are not UTF-8, which stay as they are`] : []),
    ...(removedWhileOpen.count > 0 ? [`  ${removedWhileOpen.count} files that were removed while open, left out`] : []),
    ...(found.nfs4Acls ? ['  access lists of NFS 4, if any, stay behind: no file system of Linux holds them'] : []),
    ...(found.xattrs ? [] : ['  attributes of users (user.*), if any, can not be seen over this version of NFS']),
    // nfstime3 of RFC 1813, section 2.5: seconds since 1970, and no sign.
    ...(version === '3' ? ['  times before 1970, if any, become others: NFS 3 can not say them'] : []),
    ...(room.freeBytes < found.bytes ? [`  only ${readableBytes(room.freeBytes)} are free there: watch it`] : []),
  ];
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** What to do where there is no LUN yet: measure, create by hand, then describe it. */
export function firstLunLines(found: ProbedSource, claim: string): string[] {
  const size = recommendedSize(found);
  return [
    `No LUN is described for it yet. For what it holds, one of ${size} is right: twice the data, for it does not grow by itself.`,
    '  1. On the NAS, make an iSCSI target and a thin LUN of that size, mapped to it, for all nodes of the cluster alone:',
    ...lunOnNas.map(({ nas, how }, index) => `     ${nas}: ${how}${index < lunOnNas.length - 1 ? ';' : '.'}`),
    '  2. lunward discover ADDRESS-OF-THE-NAS shows its iqn and the number of the LUN as the nodes see it.',
    `  3. Add it behind the line that is there: iscsi({ name: '${claim}-2', targetPortal: '192.0.2.200:3260', iqn: '…', lun: …, size: '${size}' })`,
  ];
}
