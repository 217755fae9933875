import { UserError } from '../core/problems';
import type { VolumeMove } from '../migration/cutover/volume-move';
import type { Journal } from '../migration/journal/journal';
import { runForFacts } from '../migration/survey/run-script';
import { findVerificationNode, sealedPropsOf } from '../migration/survey/verification-node';
import { type VerifiedVolume, verifyVolume } from '../scripts/copy/verify-volume';
import { unitName } from '../scripts/unit/unit';
import { persistentVolumeName } from '../volumes/static-volume';
import { writtenLines } from './views/written-text';
import type { Workplace } from './workplace';

/** More than any volume of settings has. */
const ALL_NAMES = 1_000_000;
const SOME_NAMES = 10;

/**
 * What an app has written to a volume since it was sealed, by the size and time of its files: lines for a person. Where that can't
 * be looked at they say so: it is no reason to stay there.
 *
 * @param isAll every name is told, each on a line of its own
 */
export async function writtenSince(
  workplace: Workplace,
  journal: Journal,
  volume: VolumeMove,
  { mayGoOn, isAll }: { readonly mayGoOn: () => void; readonly isAll: boolean },
): Promise<string[]> {
  const seen = await look(workplace, journal, volume, { mayGoOn, isAll });
  if (typeof seen === 'string') return [`what that is can't be looked at: ${seen}`];
  return writtenLines(seen, isAll ? 'list' : 'line');
}

async function look(
  { client, nodes, model }: Workplace,
  journal: Journal,
  { target, chap }: VolumeMove,
  { mayGoOn, isAll }: { readonly mayGoOn: () => void; readonly isAll: boolean },
): Promise<VerifiedVolume | string> {
  const latest = journal.latest(persistentVolumeName(target));
  if (!latest?.manifest) return 'it was sealed without a list of what it held';
  try {
    const place = await findVerificationNode(target, latest, { client, nodes, model, mayGoOn });
    const props = sealedPropsOf(target, latest, place, chap);
    const script = verifyVolume({ ...props, readsFiles: false, mostNames: isAll ? ALL_NAMES : SOME_NAMES });
    // A verification that goes on there without its command would keep the node from unmounting the volume.
    await place.node.runner.unit(unitName('verify', props.attempt), script).cancel();
    return await runForFacts(place.node, script);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
