import { cutOverRefusals } from '../migration/cut-over-refusals';
import { refusalText } from '../migration/described-refusals';
import { heldMounts } from '../migration/held-mounts';
import type { MovedVolume } from '../migration/moved-volume';
import type { Owner } from '../migration/owner';
import type { Refusal } from '../migration/refusal';
import { UserError } from '../spec/problems';
import type { RemarkedPlan } from './plan-text';
import { ownerOf } from './site-of';
import type { Workplace } from './workplace';

/** Plans to move, and behind them what would be in the way once the app is to be stopped. */
export async function withStopRefusals(
  workplace: Workplace,
  planned: readonly RemarkedPlan[],
): Promise<readonly RemarkedPlan[]> {
  if (!planned.some((one) => one.planned.plan)) return planned;
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
  throw new UserError(`${refusalText(refusals)}\nRefused: ${workplace.app} was not stopped, and runs on as before`);
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
