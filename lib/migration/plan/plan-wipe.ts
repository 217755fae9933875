import type { Advice } from '../../core/advice';
import { madeByAttempt } from '../../storage/file-system-uuid';
import { describeStorage, identityName, movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import { type JournalEntry, stageOf } from '../journal/entry';
import { requireKind } from '../journal/journaled-target';
import type { AttemptFacts } from './attempt-facts';
import { type Planned, placeOf, planned } from './plan';

/** Those of an app's volumes that are meant: where an attempt has left something on one, no others. */
export function volumesToWipe<Volume extends Pick<AttemptFacts, 'latest'>>(
  volumes: readonly Volume[],
): readonly Volume[] {
  const left = volumes.filter(({ latest }) => latest?.state === 'abandoned' || latest?.state === 'wiping');
  return left.length > 0 ? left : volumes;
}

/** The plan to zero a LUN that holds what an attempt of ours has left, one that was given up. */
export function planWipe(facts: AttemptFacts): Planned {
  const { app, mountPath, volume, latest } = facts;
  const name = persistentVolumeName(volume);
  const subject = `PersistentVolume ${name}`;
  if (!latest) return { refusals: [neverBegun(subject)] };
  if (latest.state === 'wiped') {
    return { done: `${subject}: what attempt ${latest.attempt} had left was wiped at ${latest.at}` };
  }
  const refusal = attemptRefusal(app, name, latest);
  if (refusal) return { refusals: [refusal] };
  const { fileSystems } = movable(volume);
  if (!fileSystems) throw new Error(`${describeStorage(volume)} has no file system of its own`);
  const judged = fileSystems.wipe({ ...facts, latest: requireKind(volume, latest) });
  if (!judged.found) return judged;
  const { identity, node, step } = judged.found;
  const attempt = { volume: name, attempt: latest.attempt, uuid: latest.uuid };
  return planned({
    app,
    mountPath,
    ...placeOf({ volume, identity, attempt }),
    begins: 'wiping',
    steps: [{ ...step, node, reaches: 'wiped' }],
    whenItFails: 'A LUN that was zeroed in part is recognised; one that it declined holds what it held',
  });
}
function neverBegun(subject: string): Advice {
  return {
    code: 'never-begun',
    subject,
    found: 'was never begun, by the journal: only what an attempt of lunward has left is wiped, and nothing else',
    remedy: 'make a new LUN on the NAS',
  };
}

function attemptRefusal(app: string, name: string, latest: JournalEntry): Advice | undefined {
  const subject = `PersistentVolume ${name}`;
  const stage = stageOf(latest);
  if (latest.state === 'rolled-back' && latest.neverLive) {
    return {
      code: 'already-sealed',
      subject,
      found: `was sealed as attempt ${latest.attempt}, and given up at ${latest.at} before the app ran on it: what was sealed is never wiped`,
      remedy: 'make a new LUN on the NAS, and describe it as a further generation, with a name of its own',
    };
  }
  if (latest.state === 'rolled-back') {
    return {
      code: 'holds-app-data',
      subject,
      found: `was sealed as attempt ${latest.attempt}, and the app was rolled back from it at ${latest.at}: it may hold what the app wrote there, and is never wiped`,
      remedy: 'make a new LUN on the NAS, and describe it as a further generation, with a name of its own',
    };
  }
  if (stage === 'sealed') {
    return {
      code: 'already-sealed',
      subject,
      found: `is sealed as attempt ${latest.attempt} since ${latest.at}: what is sealed is never wiped`,
    };
  }
  if (stage === 'under way') {
    return {
      code: 'attempt-under-way',
      subject,
      found: `is under way as attempt ${latest.attempt} (${latest.state} since ${latest.at})`,
      remedy: `to give it up: "lunward abort ${app}"`,
    };
  }
  if (madeByAttempt({ ...latest, volume: name, place: identityName(latest.target) })) return undefined;
  return {
    code: 'content-not-ours',
    subject,
    found: `was given up as attempt ${latest.attempt} on file system ${latest.uuid}, which lunward has not made: it is never wiped`,
    remedy: 'make a new LUN on the NAS',
  };
}
