import { UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import { readMountObjects } from '../../kubernetes/volume-users';
import type { CutoverContext } from '../cutover/cutover-context';
import type { VolumeMove } from '../cutover/volume-move';
import { boundObjects, volumeRefusals } from '../survey/described-volume';
import { refusalText } from './described-refusals';

/**
 * Compares the description with the cluster before a run resumes a move while the app is down: someone may have edited it since another run
 * stopped the app. The old PersistentVolumes and the Deployment have not changed since then. Scripts compare the new volumes with the
 * journal. Of an app that Pulumi applies, only the PersistentVolumes are compared.
 *
 * @throws UserError with both values of each difference
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
    `The description of ${app} has changed since the app was stopped: ${refusalText(refusals)}\n` +
      'Refused; nothing was changed. Undo the edit of the description, then run the command again',
    { category: 'refused', code: 'description-edited', advice: refusals },
  );
}
