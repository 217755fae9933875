import type { Advice } from '../../core/advice';
import type { Chap } from '../../scripts/chap';
import type { DataVolume } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { Journal } from '../journal/journal';
import { lookAtMarker, markerMissing } from '../survey/marker-look';
import type { CutoverContext } from './cutover-context';

/** A volume that an app is to be started on. */
export interface Wanted {
  readonly volume: DataVolume;
  readonly chap?: Chap;
}

/** What a look at markers works with. */
export type GuardSite = Pick<CutoverContext, 'app' | 'client' | 'model' | 'nodes' | 'signal'> & {
  readonly journal: Pick<Journal, 'latest' | 'live'>;
};

/**
 * Why an app's guard would refuse its pod on volumes that it ran on before: it would be stopped for nothing. Only what a look at a marker
 * has found: one that can't be read at the moment keeps nobody from a rollback.
 */
export async function guardRefusals(site: GuardSite, wanted: readonly Wanted[]): Promise<Advice[]> {
  const { app, journal } = site;
  const refusals: Advice[] = [];
  for (const { volume, chap } of wanted) {
    const name = persistentVolumeName(volume);
    const subject = `PersistentVolume ${name}`;
    const latest = journal.latest(name);
    if (latest?.state !== 'sealed' && latest?.state !== 'rolled-back') continue;
    const look = await lookAtMarker({ volume, latest, ...(chap && { chap }) }, { ...site, writer: latest.node });
    const isLive = Object.values(journal.live).includes(volume.name);
    if (look.is === 'missing') refusals.push(isLive ? markerMissing(app, subject) : lost(app, subject));
    if (look.is === 'another') {
      refusals.push({
        code: 'marker-differs',
        subject,
        found: `would be refused by the guard of ${app}: ${look.reason}`,
        remedy: `have the NAS serve the volume that was sealed: "lunward status ${app}" says which one that is`,
      });
    }
  }
  return refusals;
}

/** Of a volume that is not live nothing proves any more what it holds. */
function lost(app: string, subject: string): Advice {
  return {
    code: 'marker-missing',
    subject,
    found: `has no marker any more, so the guard would refuse ${app} there`,
    expected: 'the marker that it was sealed with',
    remedy:
      `${app} keeps its live volume ("lunward migrate ${app}" starts it there if a change was cut off); to leave that volume, ` +
      `describe a new one after the others, and run "lunward migrate ${app}"`,
  };
}
