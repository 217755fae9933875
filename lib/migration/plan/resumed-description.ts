import { UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import { readMountObjects } from '../../kubernetes/volume-users';
import type { CutoverContext } from '../cutover/cutover-context';
import type { VolumeMove } from '../cutover/volume-move';
import { boundObjects, volumeRefusals } from '../survey/described-volume';
import { refusalText } from './described-refusals';

/**
 * Compares the description with the cluster before a run resumes a move while the app is down: someone may have edited the description since
 * the app was stopped. The old PersistentVolumes and the Deployment are in the cluster as they were then. The scripts that work on the new
 * volumes compare these with the journal.
 *
 * @throws UserError with both values of what was edited; what can't be read without Pulumi is not compared
 */
export async function assertResumable(site: CutoverContext, volumes: readonly VolumeMove[]): Promise<void> {
  const { app, client, model, owner } = site;
  const { claims, volumes: all } = await untilAsked(() => readMountObjects(client), site);
  const stored = volumes.flatMap(({ source }) => {
    const facts = { volume: source, namespace: model.namespace, claims, volumes: all };
    const { claim, persistentVolume } = boundObjects(facts);
    return persistentVolume ? volumeRefusals(persistentVolume, claim, facts) : [];
  });
  const refusals = [
    ...stored.filter(({ code }) => code === 'stored-elsewhere'),
    ...(owner.needsPulumi ? [] : await untilAsked(() => owner.refusals(), site)).filter(
      ({ code }) => code === 'deployment-differs',
    ),
  ];
  if (refusals.length === 0) return;
  throw new UserError(
    `The description of ${app} was edited since the app was stopped: ${refusalText(refusals)}\n` +
      'Refused: nothing was changed. Put the description back, and run this again',
    { category: 'refused', code: 'description-edited', advice: refusals },
  );
}
