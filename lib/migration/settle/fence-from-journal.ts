import type { FenceProps } from '../../kubernetes/fence';
import { isPersistent, type PersistentVolume } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { MediaAppModel } from '../../workload/model';
import { type Cutover, isKeptStopped } from '../journal/cutover';
import { fenceRecord } from '../journal/fence-record';
import type { Journal } from '../journal/journal';
import { fencedVolumes } from './fenced-volumes';
import type { RecordedPlaces } from './recorded-places';

/** What a fence follows from. */
export interface FenceFacts {
  /** Key of the app in the description. */
  readonly app: string;
  readonly model: Pick<MediaAppModel, 'mounts' | 'namespace'>;
  readonly journal: Pick<Journal, 'live' | 'before' | 'retired' | 'cutover'>;
  /** Default: each volume is where it is described. */
  readonly places?: RecordedPlaces;
}

/**
 * Everything that pods must be kept from now: of each mount that was ever moved all generations but the live one, of one that is
 * being moved all but the one that it goes to, and claims that only the journal still names. Whatever command asks, the answer is of
 * the whole app, for its fence is one object.
 *
 * @returns nothing where nothing is to be refused: nothing was ever moved, and nothing is being moved
 */
export function fenceFromJournal({ app, model, journal, places }: FenceFacts): FenceProps | undefined {
  const admitted = admittedClaims(journal);
  const used = model.mounts.flatMap(({ mountPath, volume, generations }) =>
    admitted.has(mountPath)
      ? generations.filter(isPersistent).filter(({ name }) => name === admitted.get(mountPath))
      : [volume],
  );
  const mayBeUsed = [...admitted.values(), ...used.filter(isPersistent).map(({ name }) => name)];
  const left = [...Object.values(journal.before), ...journal.retired].filter((claim) => !mayBeUsed.includes(claim));
  const fenced = fencedVolumes(model, {
    mountPaths: [...admitted.keys()],
    used,
    left: [...claimsOfStopped(journal), ...left],
    places,
  });
  const { claims } = fenced;
  if (claims.length === 0) return undefined;
  const { cutover } = journal;
  const isStopped = cutover !== undefined && isKeptStopped(cutover);
  return {
    app,
    namespace: model.namespace,
    ...fenced,
    message: isStopped ? movingMessage(app, cutover) : settledMessage(app, journal, claims),
    // Until the change has ended, the app's own Deployment may still mount what no pod may, and whoever starts the app must be
    // able to change it: Pulumi changes its metadata first, in a request of its own.
    workloads: cutover === undefined,
    ...(isStopped && { annotations: fenceRecord(cutover) }),
  };
}

/**
 * Claims of what a fence would refuse, on a cluster that has none: nothing keeps pods from them. One whose marker was changed when it
 * was rolled back from is left out, for its guard does.
 */
export function unfencedClaims(facts: FenceFacts & { readonly journal: Pick<Journal, 'latest'> }): string[] {
  const described = facts.model.mounts.flatMap(({ generations }) => generations.filter(isPersistent));
  const isMarked = (claim: string) =>
    described.some((volume) => {
      const latest = facts.journal.latest(volumeNameOf(volume));
      return volume.name === claim && latest?.state === 'rolled-back' && latest.remarked;
    });
  return (fenceFromJournal(facts)?.claims ?? []).filter((claim) => !isMarked(claim));
}

/** The same in words: a sentence without its stop. */
export function unfencedText(claims: readonly string[]): string {
  const said = 'this cluster has no ValidatingAdmissionPolicy (Kubernetes before 1.30)';
  if (claims.length === 0) return `${said}; the guard of each volume that was left refuses old manifests`;
  return `${said}: nothing refuses pods with claim ${claims.join(', ')}, so do not apply manifests that name ${claims.length === 1 ? 'it' : 'them'}`;
}

/** One that its class or someone else makes has a PersistentVolume that lunward never writes to. */
function volumeNameOf(volume: PersistentVolume): string {
  return volume.kind === 'existingClaim' ? volume.name : persistentVolumeName(volume);
}

/**
 * The claim that pods may mount, by the path of each mount that was ever moved, or is being moved. No claim where the app is stopped
 * on its way back, or to be restarted: it runs nowhere until that is decided.
 */
function admittedClaims({ live, cutover }: FenceFacts['journal']): ReadonlyMap<string, string | undefined> {
  const moving = cutover && isKeptStopped(cutover) ? cutover.volumes : [];
  return new Map<string, string | undefined>([
    ...Object.entries(live),
    ...moving.map(
      ({ mountPath, from, to }) => [mountPath, from === to || live[mountPath] === to ? undefined : to] as const,
    ),
  ]);
}

/** Claims that no pod may mount while the app is stopped, even where it has them at another of its mounts as well. */
function claimsOfStopped({ live, cutover }: FenceFacts['journal']): string[] {
  if (!cutover || !isKeptStopped(cutover)) return [];
  return cutover.volumes.flatMap(({ mountPath, from, to }) => (live[mountPath] === to ? [from, to] : [from]));
}

function movingMessage(app: string, { phase, volumes }: Cutover): string {
  if (phase === 'restarting')
    return `${app} is kept stopped by lunward while the file systems of its volumes are checked; "lunward status ${app}" says more`;
  const ways = volumes.map(({ mountPath, from, to }) => `${mountPath} from ${from} to ${to}`).join(', ');
  const what =
    phase === 'stopping'
      ? `the data of ${app} is being moved by lunward:`
      : `${app} is ${phase === 'rolling-back' ? 'being rolled back' : 'kept stopped'} by lunward after a move of`;
  return `${what} ${ways}; "lunward status ${app}" says how far it is`;
}

/** For someone whose old manifests are refused, at whichever mount. It is the same whichever move or rollback came last. */
function settledMessage(app: string, { live, retired }: FenceFacts['journal'], claims: readonly string[]): string {
  const now = Object.entries(live).map(([mountPath, claim]) => `${claim} (${mountPath})`);
  const refused = claims.map((claim) => (retired.includes(claim) ? `${claim} (retired)` : claim));
  return (
    `${app} runs on claim ${now.join(', ')} since lunward changed its volumes. This names a volume that is not live ` +
    `(${refused.join(', ')}): apply the current manifests; "lunward status ${app}" lists the volumes`
  );
}
