import { UserError } from '../core/problems';
import type { Refusal } from '../core/refusal';
import { readMountObjects } from '../kubernetes/volume-users';
import { mountedOf, type VolumeMove } from '../migration/cutover/volume-move';
import { cutOverRefusals } from '../migration/plan/cut-over-refusals';
import { describedRefusals, refusalText } from '../migration/plan/described-refusals';
import { boundObjects } from '../migration/survey/described-volume';
import { heldMounts } from '../migration/survey/held-mounts';
import type { Owner } from '../owners/owner';
import { withFenceRemarks } from './fence-remarks';
import { ownerOf, ownerRemarks } from './site-of';
import type { RemarkedPlan } from './views/plan-text';
import type { PlannedVolume, Workplace } from './workplace';

/**
 * Plans, followed by what would be in the way of stopping the app. Only a move stops the app: a first volume is formatted before
 * the app is in the cluster.
 */
export async function withStopRefusals(
  workplace: Workplace,
  planned: readonly PlannedVolume[],
): Promise<readonly RemarkedPlan[]> {
  if (!planned.some(isPlannedMove)) return planned;
  const owner = await ownerOf(workplace);
  const volumes = await workplace.moves(await workplace.journal());
  const refusals =
    'subject' in owner
      ? [owner, ...(await sourceRefusals(workplace, volumes))]
      : await refusalsWithoutPulumi(workplace, owner, volumes);
  const [first, ...others] = planned;
  const remarks = 'subject' in owner ? [] : await ownerRemarks(workplace);
  const told = await withFenceRemarks(
    workplace,
    first ? [{ ...first, remarks: [...first.remarks, ...remarks] }, ...others] : planned,
  );
  return refusals.length > 0 ? [...told, { planned: { refusals }, remarks: [] }] : told;
}

const isPlannedMove = ({ action, planned }: PlannedVolume) => action === 'move' && planned.plan !== undefined;

/** Plans to prepare a move, and what is in the way of that already: an app that has other volumes than are described. */
export async function withSourceRefusals(
  workplace: Workplace,
  planned: readonly PlannedVolume[],
): Promise<readonly RemarkedPlan[]> {
  if (!planned.some(isPlannedMove)) return planned;
  const refusals = await sourceRefusals(workplace, await workplace.moves(await workplace.journal()));
  return refusals.length > 0 ? [...planned, { planned: { refusals }, remarks: [] }] : planned;
}

/** What is prepared may be of an app that is not in the cluster yet: of a claim that is not there nothing is said. */
async function sourceRefusals({ client, model, nodes }: Workplace, volumes: readonly VolumeMove[]): Promise<Refusal[]> {
  const objects = await readMountObjects(client);
  const isThere = ({ source }: VolumeMove) =>
    boundObjects({ ...objects, volume: source, namespace: model.namespace }).claim !== undefined;
  return describedRefusals({ client, model, nodes }, mountedOf(volumes.filter(isThere), 'source'), objects);
}

/**
 * Long after the plan, for the copy may have taken hours, and with Pulumi, which no plan needs.
 *
 * @throws UserError with everything that is in the way
 */
export async function assertStoppable(
  workplace: Workplace,
  owner: Owner,
  volumes: readonly VolumeMove[],
): Promise<void> {
  const refusals = [
    ...(await refusalsWithoutPulumi(workplace, owner, volumes)),
    ...(owner.needsPulumi ? await owner.refusals() : []),
    ...(await heldMounts(workplace, volumes)),
  ];
  if (refusals.length === 0) return;
  throw new UserError(`${refusalText(refusals)}\nRefused: ${workplace.app} was not stopped, and runs on as before`);
}

async function refusalsWithoutPulumi(
  { client, model, nodes }: Workplace,
  owner: Owner,
  volumes: readonly VolumeMove[],
): Promise<Refusal[]> {
  return [
    ...(owner.needsPulumi ? [] : await owner.refusals()),
    ...(await cutOverRefusals(client, model, volumes, nodes)),
  ];
}
