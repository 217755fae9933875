import type { Advice } from '../../core/advice';
import type { ProbedVolume } from '../../scripts/lun/probe-volume';
import { type DataVolume, describeStorage } from '../../storage/registry';

/**
 * Refuses a sealed volume whose attempt is not in the journal: it may be an old copy, from before the journal was lost.
 *
 * @param move.dataOn claim that the app has its data on
 * @param found what is on the volume
 */
export function unknownSeal(
  { app, volume, dataOn }: { readonly app: string; readonly volume: DataVolume; readonly dataOn: string },
  { marker }: Pick<ProbedVolume, 'marker'>,
): Advice | undefined {
  if (marker.state !== 'sealed') return undefined;
  return {
    code: 'already-sealed',
    subject: describeStorage(volume),
    found: `is sealed as attempt ${marker.attempt} of ${marker.volume}, which is not in the journal: it may lack what ${app} has written to ${dataOn} since`,
    remedy: 'make a new LUN on the NAS, and describe it as a further generation, with a name of its own',
  };
}
