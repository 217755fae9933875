import type { Advice } from '../../core/advice';
import { UserError } from '../../core/problems';
import type { Chap } from '../../scripts/chap';
import { verifyVolume } from '../../scripts/copy/verify-volume';
import type { DeclineCode } from '../../scripts/decline-codes';
import { unitName } from '../../scripts/unit/unit';
import type { DataVolume } from '../../storage/registry';
import type { CutoverContext } from '../cutover/cutover-context';
import { mustEnd } from '../cutover/interrupted';
import type { EntryIn } from '../journal/entry';
import { findVerificationNode, sealedPropsOf } from './verification-node';

/** What the marker of a sealed volume is, with the pod that uses the volume. */
export type MarkerLook =
  | { readonly is: 'right' }
  | { readonly is: 'missing' | 'another'; readonly pod?: string; readonly reason: string }
  | { readonly is: 'unknown'; readonly reason: string };

/** A volume that was sealed, whether the app was rolled back from it since or not. */
export interface SealedVolume {
  readonly volume: DataVolume;
  readonly latest: EntryIn<'sealed' | 'rolled-back'>;
  readonly chap?: Chap;
}

/** What a look says that read the right marker, and found nothing to compare. */
const afterTheMarker: readonly (DeclineCode | undefined)[] = ['no-list', 'other-list'];

/**
 * Reads the marker of a sealed volume, whether the app uses it or nothing does. Nothing is changed.
 *
 * @param look.writer the node that looks if nothing uses the volume
 */
export async function lookAtMarker(
  { volume, latest, chap }: SealedVolume,
  { writer, ...site }: Pick<CutoverContext, 'client' | 'nodes' | 'model' | 'signal'> & { readonly writer: string },
): Promise<MarkerLook> {
  try {
    const place = await findVerificationNode(volume, { node: writer }, site);
    const props = sealedPropsOf(volume, latest, place, chap);
    const { runner } = place.node;
    const script = verifyVolume({ ...props, readsFiles: false });
    await runner.unit(unitName('verify', props.attempt), script).cancel();
    const report = await runner.run(script);
    if (report.result !== 'declined' || afterTheMarker.includes(report.code)) return { is: 'right' };
    const { code, reason } = report;
    const pod = place.pod ? { pod: place.pod } : {};
    if (code === 'no-marker') return { is: 'missing', reason, ...pod };
    return code === 'other-marker' ? { is: 'another', reason, ...pod } : { is: 'unknown', reason };
  } catch (error) {
    if (!(error instanceof UserError) || mustEnd(error)) throw error;
    return { is: 'unknown', reason: error.message };
  }
}

/** Of an app that runs on a volume without its marker. */
export function markerMissing(
  app: string,
  subject: string,
): Required<Pick<Advice, 'code' | 'subject' | 'found' | 'expected' | 'remedy'>> {
  return {
    code: 'marker-missing',
    subject,
    found: `has no marker any more, so the guard refuses the next pod of ${app}`,
    expected: 'the marker that it was sealed with',
    remedy: markerRemedy(app),
  };
}

/** How a deleted marker is written again. */
function markerRemedy(app: string): string {
  return `if ${app} runs, it can run on; stop it when that suits, and once its pod is gone: "lunward seal ${app}" proves that this is the volume with the app's data, and writes the marker again; then start ${app}`;
}
