import { lockFileName } from '../cluster/lock';
import { UserError } from '../core/problems';
import type { LiveObject } from '../kubernetes/cluster-client';
import { isRestart } from '../migration/journal/cutover';
import type { Journal } from '../migration/journal/journal';
import { replicasOf } from '../owners/described-app';
import { isPersistent } from '../volumes/kinds';
import { persistentVolumeName, type StaticVolumeProps } from '../volumes/static-volume';
import type { LiveMount, MediaAppModel } from '../workload/model';
import { claimsByMountPath } from './mounted-claims';

/** What a description, its lock and a journal say about one app. */
export interface RecordedState {
  /** Key of the app in the description. */
  readonly app: string;
  /** The app with the generations that the lock makes live. */
  readonly model: MediaAppModel;
  /** What the lock says about the app: claims by mount path. */
  readonly locked: Readonly<Record<string, string>>;
  readonly journal: Pick<Journal, 'live' | 'cutover' | 'latest' | 'retired'>;
}

/**
 * Whether the running Deployment must be read too: a mount has several generations, and no move of it was ever
 * recorded.
 */
export function wantsRunning({ model, journal }: RecordedState): boolean {
  return unmoved(model, whereDataIs(journal)).length > 0;
}

/**
 * Compares a description and its lock with where the data is: according to the journal and, for mounts without a
 * recorded move, according to the running app.
 *
 * @param running the Deployment, if there is one
 * @throws UserError if the app would get another generation than the one with its data, or none
 */
export function assertMatchesJournal(sayings: RecordedState, running?: LiveObject): void {
  const { model, journal } = sayings;
  const truth = whereDataIs(journal);
  const moved = Object.entries(truth).flatMap(([mountPath, claim]) => ofMoved(sayings, mountPath, claim) ?? []);
  const back = model.mounts.flatMap(({ mountPath, kept }) =>
    kept.flatMap(({ name }) => ofRetired(sayings, mountPath, name)),
  );
  const runs = running ? claimsByMountPath(running) : {};
  const never = unmoved(model, truth).flatMap((mount) => ofNeverMoved(mount, runs[mount.mountPath]) ?? []);
  if (moved.length + back.length + never.length === 0) return;
  throw new UserError(
    [
      moved.length + never.length > 0
        ? `apps.${sayings.app} would get another volume than the one that its data is on; nothing was changed.`
        : `apps.${sayings.app} would get volumes back that have left the cluster; nothing was changed.`,
      ...[...moved, ...back, ...never].map((line) => `  ${line}`),
      ...(moved.length + back.length > 0 ? [remedyOfMoved(sayings)] : []),
      ...(never.length > 0 ? [remedyOfNeverMoved(sayings.app)] : []),
    ].join('\n'),
    { category: 'refused', code: 'recorded-volume-differs' },
  );
}

/** Whether a Deployment asks for its app, and for it on the volumes with its data. */
export function isOnLive(running: LiveObject, journal: Pick<RecordedState['journal'], 'live' | 'cutover'>): boolean {
  const claims = claimsByMountPath(running);
  const isThere = Object.entries(whereDataIs(journal)).every(([mountPath, claim]) => claims[mountPath] === claim);
  return isThere && replicasOf(running) > 0;
}

/** Claims by mount path, for mounts that were ever moved or are being moved. */
function whereDataIs({
  live,
  cutover,
}: Pick<RecordedState['journal'], 'live' | 'cutover'>): Readonly<Record<string, string>> {
  // Until the first move has ended, the old volume is the live one.
  return { ...Object.fromEntries((cutover?.volumes ?? []).map(({ mountPath, from }) => [mountPath, from])), ...live };
}

function ofMoved({ model, locked, journal }: RecordedState, mountPath: string, claim: string): string | undefined {
  const mount = model.mounts.find((candidate) => candidate.mountPath === mountPath);
  const said = `${mountPath}: the journal in the cluster says claim ${claim}${sealedAt(mount, claim, journal)}`;
  if (!mount) return `${said}, and the description mounts nothing there any more`;
  if (nameOf(mount) === claim) return undefined;
  const requested = locked[mountPath]
    ? `${lockFileName} says ${locked[mountPath]}`
    : `${lockFileName} says nothing, so that ${nameOf(mount)}, the first generation, would be live`;
  return `${said}, ${requested}`;
}

/** An old lock must not bring back a retired generation. */
function ofRetired({ journal }: RecordedState, mountPath: string, claim: string): string[] {
  if (!journal.retired.includes(claim)) return [];
  return [`${mountPath}: the journal in the cluster says that claim ${claim} was retired, ${lockFileName} does not`];
}

function sealedAt(mount: LiveMount | undefined, claim: string, journal: RecordedState['journal']): string {
  const volume = mount?.generations.filter(isPersistent).find(({ name }) => name === claim);
  const latest = journal.latest(volume ? persistentVolumeName(volume as StaticVolumeProps) : claim);
  return latest?.state === 'sealed' ? ` since ${latest.at}` : '';
}

function unmoved({ mounts }: MediaAppModel, truth: Readonly<Record<string, string>>): LiveMount[] {
  return mounts.filter(({ mountPath, generations }) => generations.length > 1 && !Object.hasOwn(truth, mountPath));
}

function ofNeverMoved(mount: LiveMount, runsOn: string | undefined): string | undefined {
  const isGeneration = mount.generations.some((volume) => 'name' in volume && volume.name === runsOn);
  if (!isGeneration || runsOn === nameOf(mount)) return undefined;
  return `${mount.mountPath}: claim ${runsOn} holds data of the app as it runs, and ${nameOf(mount)} would be live, to which no journal knows of a move`;
}

const nameOf = ({ volume }: LiveMount) => ('name' in volume ? volume.name : undefined);

function remedyOfMoved({ app, journal: { cutover } }: RecordedState): string {
  const under =
    cutover &&
    (isRestart(cutover)
      ? `The app is being restarted since ${cutover.at}: \`lunward restart ${app}\` resumes that. `
      : `The app is being moved since ${cutover.at}: \`lunward migrate ${app}\` resumes that. `);
  return (
    `${under ?? ''}This is an old checkout, or ${lockFileName} was lost: \`git pull\`, or restore the file and the lines of the description; ` +
    `\`lunward status ${app} --write-lock\` writes it again from the journal`
  );
}

function remedyOfNeverMoved(app: string): string {
  return (
    `${lockFileName} or the order of the generations was edited by hand: undo that. \`lunward migrate ${app}\` moves data ` +
    'to a later generation, and writes down that it did'
  );
}
