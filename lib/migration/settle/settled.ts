import type { Lock } from '../../cluster/lock';
import type { FenceProps } from '../../kubernetes/fence';
import { isPersistent } from '../../volumes/kinds';
import type { MediaAppModel } from '../../workload/model';
import { isKeptStopped, wronglyLive } from '../journal/cutover';
import type { Journal } from '../journal/journal';
import { type KnownMoves, mendedLock } from '../journal/lock-from-journal';
import { fenceFromJournal } from './fence-from-journal';
import type { RecordedPlaces } from './recorded-places';

/** What fence, lock file and app are computed from. */
export interface JournalFacts {
  /** Key of the app in the description. */
  readonly app: string;
  readonly model: MediaAppModel;
  readonly journal: Pick<Journal, 'live' | 'before' | 'retired' | 'cutover' | 'latest'>;
  /** Default: each volume is where it is described. */
  readonly places?: RecordedPlaces;
}

/** Whether an app must run, and on what. */
export type SettledApp =
  /** No pod of it may run, no matter who applies it. */
  | { readonly is: 'kept stopped' }
  /** It runs, or is started, with these replicas. */
  | {
      readonly is: 'started';
      readonly replicas: number;
      /** By mount path. */
      readonly claims: Readonly<Record<string, string>>;
      /** Whether its Deployment may still have other claims there. */
      readonly isSwitched: boolean;
    }
  /** Its owner decides. */
  | { readonly is: 'left to its owner' };

/** What fence, lock file and app must be. */
export interface Settled {
  /** The volumes that admission keeps pods from. Default: there is no fence. */
  readonly fence?: FenceProps;
  /** Computes the lock file from the current one. It also decides which marker each guard requires. */
  readonly lock: (lock: Lock) => Lock;
  readonly app: SettledApp;
}

/** Computes from the journal alone what fence, lock file and app must be: docs/architecture.md has the table. */
export function settled({ app, model, journal, places }: JournalFacts): Settled {
  const fence = fenceFromJournal({ app, model, journal, places });
  return {
    ...(fence && { fence }),
    lock: (lock) => mendedLock(lock, app, model, describedMoves(model, journal)),
    app: settledApp(journal),
  };
}

/** The same journal once its cut-over has ended. */
export function ended(journal: JournalFacts['journal']): JournalFacts['journal'] {
  const { live, before, retired } = journal;
  return { live, before, retired, cutover: undefined, latest: (volume) => journal.latest(volume) };
}

/** Whether anything can be made to match a journal: it exists, and does not contradict itself. */
export function isSettleable(journal: Pick<Journal, 'exists' | 'live' | 'cutover'>): boolean {
  return journal.exists && !(journal.cutover && wronglyLive(journal, journal.cutover).length > 0);
}

/** A lock file with a claim that is not described stops everything, so only `status --write-lock` writes that. */
function describedMoves({ mounts }: MediaAppModel, journal: JournalFacts['journal']): KnownMoves {
  const isDescribed = ([mountPath, claim]: [string, string]) =>
    mounts.some(
      (mount) =>
        mount.mountPath === mountPath && mount.generations.filter(isPersistent).some(({ name }) => name === claim),
    );
  return {
    live: Object.fromEntries(Object.entries(journal.live).filter(isDescribed)),
    retired: journal.retired,
    latest: (volume) => journal.latest(volume),
    cutover: journal.cutover,
  };
}

function settledApp({ cutover, before }: JournalFacts['journal']): SettledApp {
  if (!cutover) return { is: 'left to its owner' };
  if (isKeptStopped(cutover)) return { is: 'kept stopped' };
  const { phase, replicas, volumes } = cutover;
  const isForward = phase === 'switched';
  return {
    is: 'started',
    replicas,
    claims: Object.fromEntries(volumes.map(({ mountPath, from, to }) => [mountPath, isForward ? to : from])),
    isSwitched: isForward || volumes.some(({ mountPath, from, to }) => from !== to && before[mountPath] === to),
  };
}
