import type { Manifest } from '../core/kubernetes';
import { UserError } from '../core/problems';
import type { ClusterClient } from '../kubernetes/cluster-client';
import { isOfGuard } from '../kubernetes/differences';
import { describeObject } from './object-reference';
import { differencesForPulumi } from './skip-await';

/**
 * Compares manifests with the objects that run under their names.
 *
 * @returns the manifests whose objects exist and would not change: these can be adopted. The objects of all others do
 * not exist yet.
 * @throws UserError with every difference, object by object: adopting would overwrite it
 */
export async function adoptable(manifests: readonly Manifest[], client: ClusterClient): Promise<ReadonlySet<Manifest>> {
  const existing = new Set<Manifest>();
  const differing: string[] = [];
  let hasOtherGuard = false;
  for (const manifest of manifests) {
    const live = await client.read(manifest);
    if (live) {
      existing.add(manifest);
      const differences = await differencesForPulumi(live, manifest, client);
      if (differences.length > 0) {
        differing.push(`${describeObject(manifest)}:`, ...differences.map(({ text }) => `  ${text}`));
        hasOtherGuard ||= differences.some(isOfGuard);
      }
    }
  }
  if (differing.length > 0) {
    throw new UserError(
      [
        'Not adopted: what runs is not what is described, and nothing was changed.',
        ...differing,
        'Describe each of them as it runs (names, labels and selector can be set; `pod` and `container` say the rest),',
        'or change the running object first, so that the change is one that you chose.',
        ...(hasOtherGuard ? ['Where its guard differs, apply what "lunward synth" writes first.'] : []),
      ].join('\n'),
      { category: 'refused', code: 'not-adopted' },
    );
  }
  return existing;
}
