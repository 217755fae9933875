import type { Advice } from '../../core/advice';
import type { Lease } from '../../kubernetes/lease';
import { runForFacts } from '../../nodes/run-script';
import { describeStorage, movable } from '../../storage/registry';
import type { AppContext, Observations, TargetVolume } from '../app-context';
import { signalOf } from '../cutover/interrupted';
import { adoptable, planSeal, volumeLines } from '../plan/plan-seal';
import type { RemarkedPlan } from '../plan/remarked-plan';
import type { WantedMove } from '../plan/wanted-volumes';
import { planDeletedMarkers, proveUnused, sealedLiveVolumes } from './deleted-markers';
import { type ApprovalOptions, execute } from './execute';
import { withMissingSeals, writeSeals } from './write-seals';

/**
 * Adopts LUNs that hold an app's data already: marks them as whole, and writes nothing else to them. Writes the marker of a live volume
 * again that somebody has deleted. The app is down.
 */
export function seal(context: AppContext, options: ApprovalOptions): Promise<'changed' | 'unchanged'> {
  const { signal } = options;
  // By the lock file as the command found it: what was missing there is written before it plans.
  const plan = async (held: AppContext, lease: Lease) =>
    withMissingSeals(context, await planSeals(held, signalOf(lease.signal, signal)));
  const beforehand = (held: AppContext, lease: Lease) => proveUnused(held, signalOf(lease.signal, signal));
  return execute(context, { ...options, plan, beforehand, afterwards: writeSeals });
}

/** As whole it would never be compared with the volume that has the app's data. */
function moveRefusal(app: string, { source, target }: Pick<WantedMove, 'source' | 'target'>): Advice {
  return {
    code: 'not-adoptable',
    subject: describeStorage(target),
    found: `is described after ${source.name}, which has the data of ${app}: only a first volume is adopted`,
    remedy:
      `"lunward migrate ${app}" moves the data to a blank LUN; ` +
      "if this one has the app's latest data, describe it without the generations before it",
  };
}

async function planSeals(context: AppContext, signal: AbortSignal): Promise<readonly RemarkedPlan[]> {
  const observed = await context.observe();
  const sealed = sealedLiveVolumes(context, observed.journal);
  const markers = await planDeletedMarkers(context, sealed, observed, signal);
  // What is to be adopted, or moved to, has time until the app can start again.
  if (markers.some(({ planned }) => planned.done === undefined)) return markers;
  const others = context.filled.filter(({ target }) => !sealed.some(({ volume }) => volume === target));
  if (sealed.length > 0 && !others.some(({ target }) => movable(target).fileSystems)) return markers;
  const planned: RemarkedPlan[] = [];
  for (const target of context.requireTargets()) planned.push(await planOne(context, target, observed));
  return planned;
}

async function planOne(context: AppContext, volume: TargetVolume, observed: Observations): Promise<RemarkedPlan> {
  const wanted = context.wanted.find(({ mountPath }) => mountPath === volume.mountPath);
  if (wanted?.action === 'move') return { planned: { refusals: [moveRefusal(context.app, wanted)] }, remarks: [] };
  const facts = await context.targetFacts(volume, observed);
  const { found: seen } = adoptable(facts);
  const node = context.nodes.find(({ name }) => name === seen?.node);
  const found = seen && node && (await runForFacts(node, seen.probe));
  const planned = planSeal({ ...facts, found });
  return { planned, remarks: found && typeof found !== 'string' ? volumeLines(found) : [] };
}
