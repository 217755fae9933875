import type { Advice } from '../../core/advice';
import { UserError } from '../../core/problems';
import { readMountObjects } from '../../kubernetes/volume-users';
import type { Owner } from '../../owners/owner';
import type { MediaAppModel } from '../../workload/model';
import type { AppContext } from '../app-context';
import { mountedOf, type VolumeMove } from '../cutover/volume-move';
import { cutOverRefusals } from '../plan/cut-over-refusals';
import { describedRefusals, refusalText } from '../plan/described-refusals';
import { withFenceRemarks } from '../plan/fence-remarks';
import type { PlannedVolume, RemarkedPlan } from '../plan/remarked-plan';
import { boundObjects } from '../survey/described-volume';
import { heldMounts } from '../survey/held-mounts';
import { idleWorkloadLines } from '../survey/idle-workloads';
import { ownerOf, ownerRemarks } from './owner-of';

/**
 * Plans, followed by what would be in the way of stopping the app. Only a move stops the app: a first volume is formatted before
 * the app is in the cluster.
 */
export async function withStopRefusals(
  context: AppContext,
  planned: readonly PlannedVolume[],
): Promise<readonly RemarkedPlan[]> {
  if (!planned.some(isPlannedMove)) return withSourceRefusals(context, planned);
  const owner = await ownerOf(context);
  const volumes = await context.moves(await context.journal());
  const refusals =
    'subject' in owner
      ? [owner, ...(await sourceRefusals(context, volumes))]
      : await refusalsWithoutPulumi(context, owner, volumes);
  const [first, ...others] = planned;
  const remarks = [
    ...('subject' in owner ? [] : await ownerRemarks(context)),
    ...(await idleWorkloadLines(context, volumes)),
  ];
  const told = await withFenceRemarks(
    context,
    first ? [{ ...first, remarks: [...first.remarks, ...remarks] }, ...others] : planned,
  );
  return refusals.length > 0 ? [...told, { planned: { refusals }, remarks: [] }] : told;
}

const isPlannedMove = ({ action, planned }: PlannedVolume) => action === 'move' && planned.plan !== undefined;
const isRefusedMove = ({ action, planned }: PlannedVolume) => action === 'move' && planned.refusals !== undefined;

/**
 * Plans to prepare a move, and what is in the way of that already: an app that has other volumes than are described. Of a move that is
 * refused for what its source holds, this may be the cause.
 */
export async function withSourceRefusals(
  context: AppContext,
  planned: readonly PlannedVolume[],
): Promise<readonly RemarkedPlan[]> {
  if (!planned.some((one) => isPlannedMove(one) || isRefusedMove(one))) return planned;
  const refusals = await sourceRefusals(context, await context.moves(await context.journal()));
  return refusals.length > 0 ? [...planned, { planned: { refusals }, remarks: [] }] : planned;
}

/** What is prepared may be of an app that is not in the cluster yet: of a claim that is not there nothing is said. */
async function sourceRefusals({ client, model, nodes }: AppContext, volumes: readonly VolumeMove[]): Promise<Advice[]> {
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
  context: AppContext,
  owner: Owner,
  volumes: readonly VolumeMove[],
): Promise<void> {
  const refusals = [
    ...(await refusalsWithoutPulumi(context, owner, volumes)),
    ...(owner.needsPulumi ? await owner.refusals() : []),
    ...(await heldMounts(context, volumes)),
  ];
  if (refusals.length === 0) return;
  throw new UserError(`${refusalText(refusals)}\nRefused: ${context.app} was not stopped, and runs on as before`, {
    category: 'refused',
    code: 'plan-refused',
    advice: refusals,
  });
}

async function refusalsWithoutPulumi(
  { client, model, nodes }: AppContext,
  owner: Owner,
  volumes: readonly VolumeMove[],
): Promise<Advice[]> {
  return [
    ...(owner.needsPulumi ? [] : await owner.refusals()),
    ...(await replicaRefusals(model, owner)),
    ...(await cutOverRefusals(client, model, volumes, nodes)),
  ];
}

/** An app is judged by its one pod: with more it would be stopped, started, and rolled back for them. */
export async function replicaRefusals({ name, namespace }: MediaAppModel, owner: Owner): Promise<Advice[]> {
  const { replicas } = await owner.workload();
  if (replicas <= 1) return [];
  const reason = `asks for ${replicas} replicas, and an app is moved with one pod, or none`;
  return [
    {
      code: 'replicas-not-one',
      subject: `Deployment ${namespace}/${name}`,
      found: reason,
      remedy: 'describe and run it with 1 until it is moved',
    },
  ];
}
