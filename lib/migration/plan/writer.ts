import type { Advice } from '../../core/advice';
import type { SourceIdentity } from '../../storage/movable';
import { describeIdentity, type Identity, isSameSource } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { JournalEntry } from '../journal/entry';
import type { AttemptFacts } from './attempt-facts';

/** The node that an attempt which is under way was begun on: no other one ever writes to its disk. */
export function writerOf({ latest, attempt }: AttemptFacts): string | undefined {
  const isUnderWay = latest?.attempt === attempt && ['intent', 'building', 'prepared'].includes(latest.state);
  return isUnderWay ? latest.node : undefined;
}

/** Why that node can not be the one that writes. */
export function writerRefusals(facts: AttemptFacts): Advice[] {
  const writer = writerOf(facts);
  if (!writer) return [];
  const { app, attempt, usedOn, latest, sourceIdentity } = facts;
  if (usedOn && usedOn !== writer) {
    return [
      {
        code: 'writer-elsewhere',
        subject: `Node ${writer}`,
        found: `writes attempt ${attempt} of PersistentVolume ${persistentVolumeName(facts.volume)}, by the journal, and the app runs on ${usedOn}, which alone may read its data`,
        remedy: `have the app run on ${writer} again; or "lunward abort ${app}", "lunward wipe ${app}", and begin again`,
      },
    ];
  }
  if (sourceIdentity && isOtherSource(latest?.source, sourceIdentity)) {
    return [
      {
        code: 'source-differs',
        subject: `PersistentVolume ${persistentVolumeName(facts.volume)}`,
        found: `is being filled as attempt ${attempt} from ${latest?.source ? describeIdentity(latest.source.place) : 'somewhere else'}, by the journal, and the app's data is on ${describeIdentity(sourceIdentity.place)} now`,
        remedy: `"lunward abort ${app}", "lunward wipe ${app}", and begin again`,
      },
    ];
  }
  if (facts.looks.some(({ name }) => name === writer)) return [];
  return [
    {
      code: 'writer-not-described',
      subject: `Node ${writer}`,
      found: `writes attempt ${facts.attempt} of PersistentVolume ${persistentVolumeName(facts.volume)}, by the journal, and is not among the nodes that are reached by SSH`,
      remedy:
        'describe it again, with ssh: another node must not write to a disk which that one may still write to; ' +
        `only if it is off for good: delete it from the cluster ("kubectl delete node ${writer}"), then "lunward abort ${facts.app}" gives the attempt up`,
    },
  ];
}

/** Version 1 of the journal has recorded disks that data came from, and no folders. */
function isOtherSource(recorded: JournalEntry['source'], found: SourceIdentity<Identity>): boolean {
  return recorded ? !isSameSource(recorded, found) : found.uuid !== undefined;
}
