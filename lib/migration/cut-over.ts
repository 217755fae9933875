import { UserError } from '../spec/problems';
import { persistentVolumeName } from '../volumes/static-volume';
import type { Seal } from '../workload/model';
import { type Healthy, healthGate } from './health-gate';
import type { Cutover } from './journal';
import { putJournaledFence, unfencedClaims } from './journaled-fence';
import { claimsOf, isSwitched, type MovedVolume } from './moved-volume';
import type { Site } from './site';
import { type SealedVolume, stopAndSeal } from './stop-phase';
import { Stopwatch } from './stopwatch';
import { LostHold, startAgain, takeBack } from './take-back';

/** An app that has changed its volumes. */
export interface Moved {
  readonly app: string;
  readonly volumes: readonly SealedVolume[];
  /** How long each part took, in milliseconds; the app was down from `stop` to `start`. */
  readonly parts: Stopwatch['parts'];
  /** Nothing for an app that was not running before. */
  readonly healthy?: Healthy;
  /** Claims that nothing keeps pods from, for the cluster can't. Nothing where it does. */
  readonly unfenced?: readonly string[];
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
  // The old volumes stay as they are, and nobody starts the app on them by mistake.
  const fenced = await putJournaledFence(site);
  await site.owner.release();
  await site.journal.turn({ cutover: undefined });
  const unfenced = fenced === 'unsupported' && { unfenced: unfencedClaims(site) };
  return { app: site.app, volumes: sealed, parts: watch.parts, ...(healthy && { healthy }), ...unfenced };
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
  const wasSwitched = isSwitched(site.journal, volumes);
  const live = claimsOf(volumes, 'target');
  await site.journal.turn({ cutover: { ...cutover, phase: 'done' }, live });
  site.writeLock(live, sealsOf(site, volumes));
  await site.owner.switchClaim();
  // A rollback that was cut off has left a fence that lets nothing start.
  if (wasSwitched) await putJournaledFence(site);
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
    await takeBack(site, volumes, cutover);
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof LostHold) throw error;
    throw new UserError(
      `${found}. It could not be taken back: ${error.message}. It is DOWN, and all of its data is where it was: once that is mended, ` +
        `"lunward rollback ${site.app}" goes on with that`,
    );
  }
}
