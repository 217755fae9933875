import { liftFence, putFence } from '../kubernetes/fence';
import { UserError } from '../spec/problems';
import { persistentVolumeName } from '../volumes/static-volume';
import { fenceAllBut, fencedVolumes } from './fenced-volumes';
import { finalUnit } from './final-unit';
import { readyPod } from './health-gate';
import { idleSessions } from './idle-sessions';
import type { Cutover, JournalEntry } from './journal';
import { claimsOf, isSwitched, type MovedVolume, mountedOf } from './moved-volume';
import type { Site } from './site';
import { waitUntilUnused } from './still-used';
import { assertWayBack } from './way-back';

/** Somebody else is at work now: nothing more may be done from here. */
export class LostHold extends UserError {}

const UNUSED_SECONDS = 150;

/**
 * Starts an app again that was stopped and has not run on its new volumes: it loses nothing by that.
 *
 * @param error why it can't go on
 * @returns what to throw: why, and the state that everything is in
 */
export async function startAgain(site: Site, volumes: readonly MovedVolume[], error: unknown): Promise<Error> {
  if (!(error instanceof Error) || error instanceof LostHold) return error as Error;
  const { app, tell } = site;
  const why = `${app} could not be moved: ${error.message}`;
  tell(`${why}; it is started again where it was`);
  try {
    const notes = await undoStop(site, volumes, site.journal.cutover as Cutover);
    const again = new UserError(
      [`${why}. It runs on its old volume again, nothing of it was written to or lost`, ...notes].join('; '),
    );
    return error instanceof UserError ? again : Object.assign(error, { message: again.message });
  } catch (second) {
    if (second instanceof LostHold) return second;
    return new UserError(
      `${why}. It could not be started again: ${(second as Error).message}. Its data is where it was; it is DOWN: ` +
        `"lunward rollback ${app}" starts it there, "lunward migrate ${app}" tries to go on`,
    );
  }
}

/**
 * Has an app run on its old volumes, however far it came on its way to the new ones; or on its way back.
 *
 * @throws NoWayBack where no pod could mount these: nothing is stopped for that
 */
export async function rollBack(site: Site, volumes: readonly MovedVolume[], cutover: Cutover): Promise<void> {
  await assertWayBack(site, volumes);
  if (cutover.phase === 'back') await finishBack(site, volumes, cutover);
  else if (isSwitched(site.journal, volumes)) await takeBack(site, volumes, cutover);
  else await undoStop(site, volumes, cutover);
}

/**
 * Starts an app on its old volumes that has not been given the new ones.
 *
 * @returns what could not be ended, in words
 */
async function undoStop(site: Site, volumes: readonly MovedVolume[], cutover: Cutover): Promise<string[]> {
  const notes = await endLastCopy(site, volumes);
  await startOld(site, volumes, cutover);
  return notes;
}

/**
 * Takes an app back to its old volumes once it was started on the new ones. These keep what was written to them.
 *
 * @throws UserError with the state that everything is in
 */
export async function takeBack(site: Site, volumes: readonly MovedVolume[], cutover: Cutover): Promise<void> {
  const { app, client, model, owner, journal } = site;
  await journal.turn({ cutover: { ...cutover, phase: 'stop' } });
  const paths = volumes.map(({ mountPath }) => mountPath);
  const { claims } = fencedVolumes(model, paths, []);
  const message = `${app} is being taken back by lunward: "lunward status ${app}" says how far it is`;
  await putFence(client, { app, namespace: model.namespace, claims, nfs: [], message, workloads: false });
  await owner.fence();
  await owner.stop();
  const left = volumes.map(({ target }) => target);
  await waitUntilUnused(left, site, UNUSED_SECONDS, idleSessions(left, site));
  await startOld(site, volumes, cutover);
}

/** From the moment that nothing uses the new volumes: the old ones are live. */
async function startOld(site: Site, volumes: readonly MovedVolume[], cutover: Cutover): Promise<void> {
  const { journal } = site;
  site.mayGoOn();
  await journal.turn({
    cutover: { ...cutover, phase: 'back' },
    entries: burnt(site, volumes),
    ...(isSwitched(journal, volumes) && { live: claimsOf(volumes, 'source') }),
  });
  await finishBack(site, volumes, cutover);
}

/** Starts an app on its old volumes, which are live; also what is left of that where it was cut off. */
export async function finishBack(site: Site, volumes: readonly MovedVolume[], cutover: Cutover): Promise<void> {
  const { app, client, model, owner, journal } = site;
  const wasSwitched = volumes.some(({ mountPath, target }) => journal.before[mountPath] === target.name);
  if (wasSwitched) {
    site.writeLock(claimsOf(volumes, 'source'), {});
    await owner.switchClaim();
    await keepFromNew(site, volumes);
  } else {
    await liftFence(client, { app, namespace: model.namespace });
  }
  await owner.start(cutover.replicas);
  if (cutover.replicas > 0) {
    await readyPod(
      site,
      volumes.map(({ source }) => source.name),
    );
  }
  await owner.release();
  await journal.turn({ cutover: undefined });
}

/** What the app was taken back from is not the latest any more, and nobody starts it there by mistake. */
async function keepFromNew(site: Site, volumes: readonly MovedVolume[]): Promise<void> {
  const left = volumes.map(({ target }) => target.name).join(', ');
  await fenceAllBut(site, mountedOf(volumes, 'source'), {
    message: `${site.app} was taken back by lunward from ${left}, whose data is not the latest any more`,
    workloads: true,
  });
}

/** What was sealed and is not live never will be: its source goes on being written to. */
function burnt({ journal }: Site, volumes: readonly MovedVolume[]): [string, Omit<JournalEntry, 'at'>][] {
  return volumes.flatMap(({ target }) => {
    const name = persistentVolumeName(target);
    const latest = journal.latest(name);
    if (latest?.state !== 'sealed') return [];
    const { at: _, ...entry } = latest;
    return [[name, { ...entry, state: 'burnt' as const }]];
  });
}

/** Ends what works at the new volumes for us. @returns what could not be ended, in words */
async function endLastCopy(site: Site, volumes: readonly MovedVolume[]): Promise<string[]> {
  const notes: string[] = [];
  for (const volume of volumes) {
    try {
      await finalUnit(site, volume).unit.cancel();
    } catch (error) {
      notes.push(`the copy may still be at work at ${volume.target.name} (${(error as Error).message})`);
    }
  }
  return notes;
}
