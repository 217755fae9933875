import { UserError } from '../../core/problems';
import { differences } from '../../kubernetes/differences';
import { workloadManifests } from '../../workload/manifests/manifests';
import type { MediaAppModel } from '../../workload/model';
import type { CutoverContext } from '../cutover/cutover-context';

/**
 * Before an app is stopped, and before it is switched: whoever applies it then reads the description again, and would apply what
 * nobody has approved.
 *
 * @throws UserError with what was edited in the app's part of the description, or of the lock file, since the plan was made; as
 *   `AppContext.described` where they can't be read any more
 */
export async function assertNotEdited({
  app,
  model,
  described,
}: Pick<CutoverContext, 'app' | 'model' | 'described'>): Promise<void> {
  const edits = editsBetween(model, await described());
  if (edits.length === 0) return;
  throw new UserError(
    `The description of ${app} was edited since it was planned:
${edits.map((edit) => `  ${edit}`).join('\n')}
Put it back, or run this again and approve what is described now. What is copied already is kept`,
    { category: 'refused', code: 'description-edited' },
  );
}

/** A line with both values for each part of an app that is described otherwise than before. */
export function editsBetween(before: MediaAppModel, now: MediaAppModel): string[] {
  return differences(partsOf(before), partsOf(now), '', ['planned', 'now']).map(({ text }) => text);
}

/** What is applied of an app, and where its data is and is to go. */
function partsOf(model: MediaAppModel): Readonly<Record<string, unknown>> {
  const objects = workloadManifests(model).map((object) => [`${object.kind} ${object.metadata.name}`, object] as const);
  const mounts = model.mounts.map(({ mountPath, volume, generations }) => {
    const live = 'name' in volume ? volume.name : volume.kind;
    return [`mount ${mountPath}`, { live, generations }] as const;
  });
  return { namespace: model.namespace, ...Object.fromEntries([...objects, ...mounts]) };
}
