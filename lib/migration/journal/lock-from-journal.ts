import { isDeepStrictEqual } from 'node:util';
import { type Lock, withLive, withRetired } from '../../cluster/lock';
import { isPersistent, type PersistentVolume } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { MediaAppModel, Seal } from '../../workload/model';
import type { Journal } from './journal';

/** What is read of a journal here. */
export type KnownMoves = Pick<Journal, 'live' | 'latest' | 'cutover' | 'retired'>;

/** Something that lock and journal say differently. */
export interface LockDifference {
  /** What it is about, such as `/config`. */
  readonly subject: string;
  /** What each of them says. */
  readonly text: string;
  /** Whether the journal knows what belongs into the lock. */
  readonly mendable: boolean;
}

/** A lock in which an app's entries are what the journal says. Where that says nothing, nothing is changed. */
export function mendedLock(lock: Lock, app: string, model: MediaAppModel, journal: KnownMoves): Lock {
  const seals = sealsOf(model, journal);
  if (Object.keys({ ...journal.live, ...seals }).length === 0) return lock;
  return withRetired(withLive(lock, app, journal.live, seals), app, journal.retired);
}

/** Where a lock is not what the journal says; nothing where an entry that is missing is what it means without it. */
export function lockDifferences(lock: Lock, app: string, model: MediaAppModel, journal: KnownMoves): LockDifference[] {
  const [written, sealed] = [lock.live[app] ?? {}, lock.sealed?.[app] ?? {}];
  return [
    ...Object.entries(journal.live).flatMap(([mountPath, claim]) => liveDifference(model, mountPath, claim, written)),
    ...Object.entries(sealsOf(model, journal)).flatMap(([claim, seal]) => sealDifference(claim, seal, sealed[claim])),
    ...journal.retired.flatMap((claim) => retiredDifference(claim, lock.retired?.[app] ?? [])),
    ...Object.entries(written).flatMap(([mountPath, claim]) =>
      Object.hasOwn(journal.live, mountPath) ? [] : unknownMove(model, mountPath, claim),
    ),
  ];
}

function liveDifference(
  model: MediaAppModel,
  mountPath: string,
  claim: string,
  written: Readonly<Record<string, string>>,
): LockDifference[] {
  const generations = generationsAt(model, mountPath);
  const inLock = written[mountPath] ?? generations[0]?.name;
  const says = written[mountPath] ? `claim ${written[mountPath]}` : `nothing, which means ${inLock ?? 'no claim'}`;
  const isDescribed = generations.some(({ name }) => name === claim);
  return [
    ...(inLock === claim
      ? []
      : [{ subject: mountPath, text: `the lock says ${says}; the journal says ${claim}`, mendable: true }]),
    ...(isDescribed
      ? []
      : [
          {
            subject: mountPath,
            text: `the journal says ${claim}, which is not described: put its line back, the data is there`,
            mendable: false,
          },
        ]),
  ];
}

function sealDifference(claim: string, seal: Seal, written: Seal | undefined): LockDifference[] {
  if (isDeepStrictEqual(seal, written)) return [];
  const says = written ? sealText(written) : 'nothing of a seal';
  return [{ subject: claim, text: `the lock says ${says}; the journal says ${sealText(seal)}`, mendable: true }];
}

const sealText = ({ attempt, uuid }: Seal) => `sealed as attempt ${attempt}, UUID ${uuid}`;

function retiredDifference(claim: string, written: readonly string[]): LockDifference[] {
  if (written.includes(claim)) return [];
  return [{ subject: claim, text: 'the journal says that it was retired; the lock does not', mendable: true }];
}

function unknownMove(model: MediaAppModel, mountPath: string, claim: string): LockDifference[] {
  if (generationsAt(model, mountPath)[0]?.name === claim) return [];
  const text = `the lock says claim ${claim}; the journal knows of no move there, so only the data itself shows which is right`;
  return [{ subject: mountPath, text, mendable: false }];
}

/**
 * As what generations were sealed, by claim: first ones as they were formatted or adopted, and those that data was moved to, the ones
 * that the app was taken back from too. One that is sealed and waits for the switch is left out: with a seal in the lock it would be
 * in the manifests.
 */
function sealsOf(model: MediaAppModel, journal: KnownMoves): Readonly<Record<string, Seal>> {
  const waiting = journal.cutover?.phase === 'stopping' ? journal.cutover.volumes.map(({ to }) => to) : [];
  return Object.fromEntries(
    model.mounts.flatMap(({ mountPath, generations }) =>
      generations.filter(isPersistent).flatMap((volume, place) => {
        // Lunward does not fill a claim that it does not make.
        if (volume.kind === 'existingClaim') return [];
        const latest = journal.latest(persistentVolumeName(volume));
        const live = journal.live[mountPath];
        if (latest?.state !== 'sealed' && latest?.state !== 'rolled-back') return [];
        const isFirst = latest.manifest === undefined && latest.state === 'sealed' && place === 0;
        const isFilled = latest.manifest !== undefined && live !== undefined;
        if (!isFirst && !isFilled) return [];
        if (waiting.includes(volume.name) && volume.name !== live) return [];
        return [[volume.name, { attempt: latest.attempt, uuid: latest.uuid }] as const];
      }),
    ),
  );
}

function generationsAt(model: MediaAppModel, mountPath: string): PersistentVolume[] {
  return (model.mounts.find((mount) => mount.mountPath === mountPath)?.generations ?? []).filter(isPersistent);
}
