import { cutOverRefusals } from '../migration/cut-over-refusals';
import { heldMounts } from '../migration/held-mounts';
import type { MovedVolume } from '../migration/moved-volume';
import type { Owner } from '../migration/owner';
import type { Refusal } from '../migration/refusal';
import { UserError } from '../spec/problems';
import type { RemarkedPlan } from './plan-text';
import { ownerOf } from './site-of';
import type { PlannedVolume, Workplace } from './workplace';

/**
 * Plans, followed by what would be in the way of stopping the app. Only a move stops the app: a first volume is formatted before
 * the app is in the cluster.
 */
export async function withStopRefusals(
  workplace: Workplace,
  planned: readonly PlannedVolume[],
): Promise<readonly RemarkedPlan[]> {
  if (!planned.some(({ action, planned: { plan } }) => action === 'move' && plan)) return planned;
  const owner = await ownerOf(workplace);
  const refusals =
    'subject' in owner
      ? [owner]
      : await refusalsWithoutPulumi(workplace, owner, await workplace.moves(await workplace.journal()));
  return refusals.length > 0 ? [...planned, { planned: { refusals }, remarks: [] }] : planned;
}

/**
 * Long after the plan, for the copy may have taken hours, and with Pulumi, which no plan needs.
 *
 * @throws UserError with everything that is in the way
 */
export async function assertStoppable(
  workplace: Workplace,
  owner: Owner,
  volumes: readonly MovedVolume[],
): Promise<void> {
  const refusals = [
    ...(await refusalsWithoutPulumi(workplace, owner, volumes)),
    ...(owner.needsPulumi ? await owner.refusals() : []),
    ...(await heldMounts(workplace, volumes)),
  ];
  if (refusals.length === 0) return;
  const lines = refusals.map(({ subject, reason, remedy }) => `${subject} ${reason}${remedy ? `: ${remedy}` : ''}`);
  throw new UserError(`${lines.join('\n')}\nRefused: ${workplace.app} was not stopped, and runs on as before`);
}

async function refusalsWithoutPulumi(
  { client, model, nodes }: Workplace,
  owner: Owner,
  volumes: readonly MovedVolume[],
): Promise<Refusal[]> {
  return [
    ...(owner.needsPulumi ? [] : await owner.refusals()),
    ...(await cutOverRefusals(client, model, volumes, nodes)),
  ];
}
