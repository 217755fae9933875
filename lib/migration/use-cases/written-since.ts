import { UserError } from '../../core/problems';
import { runForFacts } from '../../nodes/run-script';
import { type VerifiedVolume, verifyVolume } from '../../scripts/copy/verify-volume';
import { unitName } from '../../scripts/unit/unit';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { AppContext } from '../app-context';
import { mustEnd } from '../cutover/interrupted';
import type { VolumeMove } from '../cutover/volume-move';
import type { Journal } from '../journal/journal';
import { findVerificationNode, sealedPropsOf } from '../survey/verification-node';

/** More than any volume of settings has. */
const ALL_NAMES = 1_000_000;
const SOME_NAMES = 10;

/**
 * What an app has written to a volume since it was sealed, by the size and time of its files. Where that can't be inspected it is a
 * text with the reason: no reason to stay there.
 *
 * @param options.isAll lists every name. @default false: the first ones
 */
export async function writtenSince(
  { client, nodes, model }: AppContext,
  journal: Journal,
  { target, chap }: VolumeMove,
  { signal, isAll = false }: { readonly signal: AbortSignal; readonly isAll?: boolean },
): Promise<VerifiedVolume | string> {
  const latest = journal.latest(persistentVolumeName(target));
  if (latest?.state !== 'sealed' || !latest.manifest) return 'it was sealed without a list of what it held';
  try {
    const place = await findVerificationNode(target, latest, { client, nodes, model, signal });
    const props = sealedPropsOf(target, latest, place, chap);
    const script = verifyVolume({ ...props, readsFiles: false, mostNames: isAll ? ALL_NAMES : SOME_NAMES });
    // A verification that continues there without its command would keep the node from unmounting the volume.
    await place.node.runner.unit(unitName('verify', props.attempt), script).cancel();
    return await runForFacts(place.node, script);
  } catch (error) {
    if (!(error instanceof UserError) || mustEnd(error)) throw error;
    return error.message;
  }
}
