import type { Advice } from '../../core/advice';
import type { ProbedVolume } from '../../scripts/lun/probe-volume';
import { fileSystemUuid, madeByAttempt } from '../../storage/file-system-uuid';
import { describeIdentity, describeStorage, type Identity, identityName, movable } from '../../storage/registry';
import type { Adoptable, TargetJudgement } from '../../storage/target';
import { persistentVolumeName } from '../../volumes/static-volume';
import { stageOf } from '../journal/entry';
import type { AttemptFacts } from './attempt-facts';
import { factsOfKind, type Planned, placeOf, planned, sealStep } from './plan';

/** What adopting a volume follows from. */
export interface SealFacts extends AttemptFacts {
  /** What is on it, or why that is not known; nothing where the plan is refused without. */
  readonly found?: ProbedVolume | string;
}

/** The file system that could be adopted, which is inspected for that. */
export function adoptable(facts: AttemptFacts): TargetJudgement<Adoptable<Identity>> {
  const { fileSystems } = movable(facts.volume);
  if (!fileSystems) throw new Error(`${describeStorage(facts.volume)} has no file system of its own`);
  const judged = fileSystems.findAdoptable(factsOfKind(facts));
  if (judged.done !== undefined) return judged;
  const refusals = [...(judged.refusals ?? []), ...underWayRefusals(facts)];
  return refusals.length > 0 ? { refusals } : judged;
}

/** The plan to adopt a volume that holds the app's data already: it is marked as whole, and nothing else is written to it. */
export function planSeal(facts: SealFacts): Planned {
  const { app, mountPath, volume, found, chap } = facts;
  const name = persistentVolumeName(volume);
  const judged = adoptable(facts);
  if (!judged.found) return judged;
  const { identity, node, uuid, fileSystem } = judged.found;
  if (found === undefined || typeof found === 'string') {
    return {
      refusals: [
        {
          code: 'target-unreadable',
          subject: describeStorage(volume),
          found: `could not be inspected: ${found ?? 'no node inspected it'}`,
        },
      ],
    };
  }
  const number = sealedNumber(found, name, uuid);
  const refusal =
    number === undefined ? unmarkedRefusal(facts, judged.found, found) : markedRefusal(facts, name, number);
  if (refusal) return { refusals: [refusal] };
  const attempt = { volume: name, attempt: number ?? facts.attempt, uuid };
  const work = { node, volume, identity, attempt, fileSystem, ...(chap && { chap }) };
  return planned({
    app,
    mountPath,
    ...placeOf(work),
    begins: 'intent',
    steps: [sealStep(work, 'none')],
    whenItFails: 'The data on the LUN is as it was; it may have its marker already, which is recognised',
  });
}

/** What is on a volume: lines for a person, who must know whether that is the app's data. */
export function volumeLines({ names }: ProbedVolume): string[] {
  if (names.length === 0) return ['it holds no file'];
  const shown = names.slice(0, 10).join(', ');
  return [`at its root: ${shown}${names.length > 10 ? ', …' : ''}`];
}

/** One that began to adopt it and was cut off is taken up again. */
function underWayRefusals({ app, volume, latest }: AttemptFacts): Advice[] {
  const name = persistentVolumeName(volume);
  if (!latest || stageOf(latest) !== 'under way') return [];
  if (!madeByAttempt({ ...latest, volume: name, place: identityName(latest.target) })) return [];
  const { attempt, state, at, target } = latest;
  return [
    {
      code: 'attempt-under-way',
      subject: `PersistentVolume ${name}`,
      found: `is under way as attempt ${attempt} (${state} since ${at}) on ${describeIdentity(target)}: what it holds is not whole`,
      remedy: `the command that began it resumes it; to abandon it: "lunward abort ${app}"`,
    },
  ];
}

/** The attempt as which the volume is sealed already. */
function sealedNumber({ marker }: ProbedVolume, name: string, uuid: string): number | undefined {
  const isOurs = marker.state === 'sealed' && marker.volume === name && marker.uuid === uuid;
  return isOurs && /^[1-9]\d*$/.test(marker.attempt) ? Number(marker.attempt) : undefined;
}

/** A marker that was there before the journal, or outlived it, is written down; not one that the journal has given up. */
function markedRefusal({ volume, latest }: AttemptFacts, name: string, number: number): Advice | undefined {
  if (!latest || latest.attempt < number) return undefined;
  if (latest.attempt === number && stageOf(latest) === 'under way') return undefined;
  return {
    code: 'attempt-abandoned',
    subject: describeStorage(volume),
    found: `is sealed as attempt ${number} of ${name}, which was given up: the journal says attempt ${latest.attempt} is ${latest.state} since ${latest.at}`,
    remedy: 'make a new LUN on the NAS, and copy to it what you want to keep',
  };
}

function unmarkedRefusal(
  facts: AttemptFacts,
  seen: Adoptable<Identity>,
  { marker, names }: ProbedVolume,
): Advice | undefined {
  const { app, volume } = facts;
  const subject = describeStorage(volume);
  if (Object.values(marker).some(Boolean)) {
    return {
      code: 'marker-differs',
      subject,
      found: `has a marker: ${marker.state || 'no state'} as attempt ${marker.attempt || 'of no number'} of PersistentVolume ${marker.volume || 'of no name'}, with file system ${marker.uuid || 'of no UUID'}: it is not adopted`,
      remedy:
        'map the LUN that is meant; or describe this one under the name of the PersistentVolume that its marker says',
    };
  }
  if (madeByAnAttempt(facts, seen)) {
    return {
      code: 'copy-incomplete',
      subject,
      found: `holds what an attempt of lunward has left, UUID ${seen.uuid}, without a marker: what it holds is not whole`,
      remedy: `"lunward plan ${app}" says what can be done with it`,
    };
  }
  if (names.length > 0) return undefined;
  return {
    code: 'nothing-to-adopt',
    subject,
    found: `holds ${seen.fileSystem} with UUID ${seen.uuid} and no file: there is nothing to adopt`,
    remedy: 'copy the data there first; or make a new LUN on the NAS, which lunward formats',
  };
}

/** One that was cut off before it wrote its marker, or wiped in part; without a journal it can only have been the first. */
function madeByAnAttempt({ volume, latest }: AttemptFacts, { identity, uuid }: Adoptable<Identity>): boolean {
  const name = persistentVolumeName(volume);
  const attempts = Array.from({ length: latest?.attempt ?? 1 }, (_, index) => index + 1);
  const place = identityName(identity);
  return attempts.some((attempt) => uuid === fileSystemUuid({ volume: name, attempt, place }));
}
