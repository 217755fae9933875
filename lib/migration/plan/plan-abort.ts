import type { Advice } from '../../core/advice';
import type { Chap } from '../../scripts/chap';
import { cancelUnit, unitName } from '../../scripts/unit/unit';
import { madeByAttempt } from '../../storage/file-system-uuid';
import {
  type DataVolume,
  describeIdentity,
  describeStorage,
  identityName,
  movable,
  movableOf,
} from '../../storage/registry';
import { type JournalEntry, stageOf } from '../journal/entry';
import { requireKind } from '../journal/journaled-target';
import { type Planned, placeOf, planned, type Step } from './plan';

/** A node, and why nothing can be ended there where it is not reached. */
export interface AbortNode {
  readonly name: string;
  readonly problem?: string;
}

/** What giving up an attempt follows from. */
export interface AbortFacts {
  readonly app: string;
  /** Name of the PersistentVolume. */
  readonly name: string;
  readonly latest: JournalEntry;
  /** Where the description still has it, as a volume that is to be filled. */
  readonly target?: { readonly mountPath: string; readonly volume: DataVolume };
  /** No data is moved to it: it is the first volume of its mount. @default false */
  readonly isFirst?: boolean;
  readonly nodes: readonly AbortNode[];
  /**
   * The node that writes is neither described nor in the cluster any more: the operator's word that it is gone for good.
   *
   * @default false
   */
  readonly isWriterGone?: boolean;
  readonly chap?: Chap;
}

/** Those of an app's volumes that are meant: where something is under way nothing else. */
export function attemptsToAbort(
  latest: readonly (readonly [volume: string, latest: JournalEntry])[],
): readonly (readonly [volume: string, latest: JournalEntry])[] {
  const underWay = latest.filter(([, entry]) => stageOf(entry) === 'under way');
  return underWay.length > 0 ? underWay : latest;
}

/**
 * The plan to give up an attempt: what works at it is ended, on every node that is reached, and its number is never used
 * again. Neither the app nor what the attempt has left is touched.
 */
export function planAbort(facts: AbortFacts): Planned {
  const { app, name, latest, target, isFirst, nodes, isWriterGone, chap } = facts;
  const subject = `PersistentVolume ${name}`;
  const stage = stageOf(latest);
  if (stage === 'given up') {
    return { done: `${subject}: attempt ${latest.attempt} was given up, ${latest.state} since ${latest.at}` };
  }
  if (stage === 'sealed') {
    return {
      refusals: [
        {
          code: 'already-sealed',
          subject,
          found: `is sealed as attempt ${latest.attempt} since ${latest.at}, on ${describeIdentity(latest.target)} with file system ${latest.uuid}: it is whole, and nothing is under way that could be given up`,
        },
      ],
    };
  }
  const refusals = [...writerRefusals(facts), ...(target ? [] : [notDescribed(subject, latest)])];
  if (!target || refusals.length > 0) return { refusals };
  const { volume, mountPath } = target;
  const { target: identity, attempt: number, uuid } = requireKind(volume, latest);
  const attempt = { volume: name, attempt: number, uuid };
  // The one that writes is released last: what is written down then names it.
  const reached = nodes.filter(({ problem }) => !problem).map((node) => node.name);
  const released = [...reached.filter((node) => node !== latest.node), ...(isWriterGone ? [] : [latest.node])];
  const work: Step[] = reached.flatMap((node) =>
    (['copy', 'hash'] as const).map((kind): Step => {
      const unit = unitName(kind, attempt);
      return { name: `cancel ${kind}`, node, text: `ends ${unit}, if it is there`, script: cancelUnit(unit) };
    }),
  );
  const release = released.map(
    (node, index): Step => ({
      ...movable(volume).release(volume, { identity, attempt, ...(chap && { chap }) }),
      node,
      ...(latest.state === 'prepared' && { givesUpSealed: true }),
      ...(isFirst && { whenOtherMarker: perhapsFinished(facts) }),
      ...(index === released.length - 1 && { reaches: 'abandoned' as const }),
    }),
  );
  return planned({
    app,
    mountPath,
    ...placeOf({ volume, identity, attempt }),
    steps: [...work, ...release],
    ...(isWriterGone && { goneWriter: latest.node }),
    whenItFails: `What was ended stays ended, and attempt ${latest.attempt} is not given up yet; ${describeStorage(volume)} was not written to`,
  });
}

/** The run that was cut off may have sealed the volume, which it did last: then nothing is left to give up. */
function perhapsFinished({ app, ...facts }: AbortFacts): string {
  const command = isOurs(facts) ? 'format' : 'seal';
  return `If the marker says sealed, the run that was cut off had finished: the volume is whole, and "lunward ${command} ${app}" records that`;
}

/** Whether Lunward made the file system. */
function isOurs({ name, latest }: Pick<AbortFacts, 'name' | 'latest'>): boolean {
  return madeByAttempt({ ...latest, volume: name, place: identityName(latest.target) });
}

/** What the LUN holds once the attempt is given up: lines for a person. */
export function leftLines({
  app,
  name,
  latest,
  isFirst,
  nodes,
  isWriterGone,
}: Pick<AbortFacts, 'app' | 'name' | 'latest' | 'isFirst' | 'nodes' | 'isWriterGone'>): string[] {
  const { attempt, target, uuid, state } = latest;
  const place = describeIdentity(target);
  const unreached = [
    ...nodes.flatMap(({ name: node, problem }) =>
      problem && node !== latest.node
        ? [`${node} was not checked (${problem}): nothing of this attempt was begun there`]
        : [],
    ),
    ...(isWriterGone
      ? [
          `${latest.node} wrote this attempt, and is neither described nor in the cluster any more, so it counts as gone for good: make sure that it is off, for what it still writes would damage the next attempt`,
        ]
      : []),
  ];
  if (!isOurs({ name, latest })) {
    return [`${place} keeps what it holds, file system ${uuid}, which lunward has not made`, ...unreached];
  }
  const blank = movableOf(target).remedyForLeft(app);
  const held: Partial<Record<JournalEntry['state'], string>> = {
    intent: 'may hold a part of a file system',
    building: isFirst ? 'holds a file system without data' : 'holds a file system, and perhaps a part of a copy,',
    prepared: 'holds an unsealed copy',
  };
  return [`${place} then still ${held[state]} as attempt ${attempt}, UUID ${uuid}; ${blank}`, ...unreached];
}

/** The writing node must be asked, unless it is gone for good: only it knows whether it still writes. */
function writerRefusals({ latest: { node: writer, attempt }, nodes, isWriterGone }: AbortFacts): Advice[] {
  const found = nodes.find(({ name }) => name === writer);
  const remove = `only if it is off for good: delete it from the cluster ("kubectl delete node ${writer}")`;
  if (isWriterGone && nodes.some(({ problem }) => !problem)) return [];
  if (!found) {
    return [
      {
        code: 'writer-not-described',
        subject: writer,
        found: isWriterGone
          ? `wrote attempt ${attempt}, is neither described nor in the cluster any more, and no other node is reached that could read what it left`
          : `is where attempt ${attempt} is written from, and the description names it no more: it may still write`,
        remedy: isWriterGone
          ? 'describe a node with ssh that is reached, and run this again'
          : `put it back into nodes, with its ssh; ${remove}, and run this again`,
      },
    ];
  }
  if (!found.problem) return [];
  return [
    {
      code: 'writer-unreachable',
      subject: writer,
      found: `is where attempt ${attempt} is written from, and is not reached: it may still write. ${found.problem}`,
      remedy: `bring the node back, then run this again: a node that was rebooted has no copy running and reports so; ${remove} and take it out of nodes`,
    },
  ];
}

function notDescribed(subject: string, { attempt, target }: JournalEntry): Advice {
  return {
    code: 'volume-not-described',
    subject,
    found: `is under way as attempt ${attempt} on ${describeIdentity(target)}, and is no volume of the description that is to be filled: its target is not known`,
    remedy: 'put its line back after the others, then run this again',
  };
}
