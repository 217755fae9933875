import { UserError } from '../spec/problems';
import { persistentVolumeName } from '../volumes/static-volume';
import type { Seal } from '../workload/model';
import { assertDescribed } from './described-refusals';
import { fenceAllBut } from './fenced-volumes';
import { type Healthy, healthGate } from './health-gate';
import type { Cutover } from './journal';
import { claimsOf, isSwitched, type MovedVolume, mountedOf } from './moved-volume';
import type { Site } from './site';
import { type SealedVolume, stopAndSeal } from './stop-phase';
import { Stopwatch } from './stopwatch';
import { LostHold, startAgain, takeBack } from './take-back';
import { assertWayBack, NoWayBack } from './way-back';

/** An app that has changed its volumes. */
export interface Moved {
  readonly app: string;
  readonly volumes: readonly SealedVolume[];
  /** How long each part took, in milliseconds; the app was down from `stop` to `start`. */
  readonly parts: Stopwatch['parts'];
  /** Nothing for an app that was not running before. */
  readonly healthy?: Healthy;
}

/** What is done where the app is not well on its new volumes. */
export type OnUnhealthy = 'rollback' | 'stop';

/**
 * Stops an app, moves what is left to be moved, and starts it on its new volumes. Whoever does it again after it was cut off, on
 * whatever machine, goes on where that was. What fails before the app has run on its new volumes is taken back at once.
 *
 * @param options.until `stop`: it is left down, sealed
 * @param options.onUnhealthy `rollback`: it is taken back to the old volumes; `stop`: it is left down
 * @returns nothing where it ends behind `stop`
 * @throws UserError with what failed, and the state that everything is in
 */
export async function cutOver(
  site: Site,
  volumes: readonly MovedVolume[],
  options: { readonly until?: 'stop'; readonly onUnhealthy: OnUnhealthy },
): Promise<Moved | undefined> {
  const watch = new Stopwatch();
  if (!(await isDown(site, volumes))) await assertDescribed(site, volumes);
  const cutover = site.journal.cutover ?? (await begun(site, volumes));
  const sealed = isSwitched(site.journal, volumes)
    ? volumes.map((volume) => ({ volume }))
    : await stopped(site, volumes, watch);
  if (options.until === 'stop') return undefined;
  await switchOver(site, volumes, cutover);
  watch.lap('switch');
  await site.owner.start(cutover.replicas);
  site.tell(`${site.app} is being started on ${volumes.map(({ target }) => target.name).join(', ')}`);
  const healthy = cutover.replicas > 0 ? await gate(site, volumes, cutover, { watch, ...options }) : undefined;
  await keepFromOld(site, volumes);
  await site.owner.release();
  await site.journal.turn({ cutover: undefined });
  return { app: site.app, volumes: sealed, parts: watch.parts, ...(healthy && { healthy }) };
}

/** Whether a run before this one has stopped the app already: what ran is not there to be compared any more. */
async function isDown({ owner, journal }: Site, volumes: readonly MovedVolume[]): Promise<boolean> {
  return isSwitched(journal, volumes) || (journal.cutover !== undefined && (await owner.replicas()) === 0);
}

async function begun({ owner, journal }: Site, volumes: readonly MovedVolume[]): Promise<Cutover> {
  await journal.turn({
    cutover: {
      phase: 'stop',
      replicas: await owner.replicas(),
      volumes: volumes.map(({ mountPath, source, target }) => ({ mountPath, from: source.name, to: target.name })),
    },
  });
  return journal.cutover as Cutover;
}

async function stopped(
  site: Site,
  volumes: readonly MovedVolume[],
  watch: Stopwatch,
): Promise<readonly SealedVolume[]> {
  try {
    return await stopAndSeal(site, volumes, watch);
  } catch (error) {
    throw await startAgain(site, volumes, error);
  }
}

/** From here on the new volumes are live: journal first, then lock, then the app. */
async function switchOver(site: Site, volumes: readonly MovedVolume[], cutover: Cutover): Promise<void> {
  site.mayGoOn();
  const live = claimsOf(volumes, 'target');
  await site.journal.turn({ cutover: { ...cutover, phase: 'done' }, live });
  site.writeLock(live, sealsOf(site, volumes));
  await site.owner.switchClaim();
}

/** What the journal says that volumes were sealed as, by claim. */
function sealsOf({ journal }: Pick<Site, 'journal'>, volumes: readonly MovedVolume[]): Record<string, Seal> {
  return Object.fromEntries(
    volumes.flatMap(({ target }) => {
      const latest = journal.latest(persistentVolumeName(target));
      return latest ? [[target.name, { attempt: latest.attempt, uuid: latest.uuid }]] : [];
    }),
  );
}

async function gate(
  site: Site,
  volumes: readonly MovedVolume[],
  cutover: Cutover,
  { watch, onUnhealthy }: { readonly watch: Stopwatch; readonly onUnhealthy: OnUnhealthy },
): Promise<Healthy> {
  try {
    return await healthGate(site, volumes, watch);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof LostHold) throw error;
    const found = `${site.app} is not well on its new volumes: ${error.message}`;
    if (onUnhealthy === 'stop') {
      await site.journal.turn({ cutover: { ...cutover, phase: 'stop' } });
      await site.owner.stop();
      throw new UserError(
        `${found}. It was stopped, as asked for. "lunward migrate ${site.app}" starts it there again, "lunward rollback ${site.app}" takes it back`,
      );
    }
    site.tell(`${found}; it is taken back`);
    await takenBack(site, volumes, cutover, found);
    throw new UserError(
      `${found}. It was taken back, and runs on ${volumes.map(({ source }) => source.name).join(', ')} as before; ` +
        `what it wrote meanwhile is kept on ${volumes.map(({ target }) => target.name).join(', ')}, which nothing starts it on again`,
    );
  }
}

/** @throws UserError with the state that everything is in, where that can't be done either */
async function takenBack(site: Site, volumes: readonly MovedVolume[], cutover: Cutover, found: string): Promise<void> {
  try {
    await assertWayBack(site, volumes);
    await takeBack(site, volumes, cutover);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof LostHold) throw error;
    if (error instanceof NoWayBack) {
      throw new UserError(
        `${found}. It could not be rolled back, and was left as it is on ${volumes.map(({ target }) => target.name).join(', ')}: ` +
          `${error.message}. Once that is mended, "lunward rollback ${site.app}" does it`,
      );
    }
    throw new UserError(
      `${found}. It could not be taken back: ${error.message}. It is DOWN, and all of its data is where it was: once that is mended, ` +
        `"lunward rollback ${site.app}" goes on with that`,
    );
  }
}

/** The old volumes stay as they are, and nobody starts the app on them by mistake. */
async function keepFromOld(site: Site, volumes: readonly MovedVolume[]): Promise<void> {
  const { app } = site;
  const [old, now] = [volumes.map(({ source }) => source.name), volumes.map(({ target }) => target.name)];
  await fenceAllBut(site, mountedOf(volumes, 'target'), {
    message: `the data of ${app} was moved by lunward from ${old.join(', ')} to ${now.join(', ')}: "lunward rollback ${app}" goes back`,
    workloads: true,
  });
}
