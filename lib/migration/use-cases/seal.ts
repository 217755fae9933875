import { runForFacts } from '../../nodes/run-script';
import type { AppContext, Observations, TargetVolume } from '../app-context';
import { adoptable, planSeal, volumeLines } from '../plan/plan-seal';
import type { RemarkedPlan } from '../plan/remarked-plan';
import { type ApprovalOptions, execute } from './execute';
import { withMissingSeals, writeSeals } from './write-seals';

/** Adopts LUNs that hold an app's data already: marks them as whole, and writes nothing else to them. The app is down. */
export function seal(context: AppContext, options: ApprovalOptions): Promise<'changed' | 'unchanged'> {
  // By the lock file as the command found it: what was missing there is written before it plans.
  const plan = async (held: AppContext) => withMissingSeals(context, await planSeals(held));
  return execute(context, { ...options, plan, afterwards: writeSeals });
}

async function planSeals(context: AppContext): Promise<readonly RemarkedPlan[]> {
  const observed = await context.observe();
  const planned: RemarkedPlan[] = [];
  for (const target of context.requireTargets()) planned.push(await planOne(context, target, observed));
  return planned;
}

async function planOne(context: AppContext, volume: TargetVolume, observed: Observations): Promise<RemarkedPlan> {
  const facts = await context.targetFacts(volume, observed);
  const { found: seen } = adoptable(facts);
  const node = context.nodes.find(({ name }) => name === seen?.node);
  const found = seen && node && (await runForFacts(node, seen.probe));
  const wanted = context.wanted.find(({ mountPath }) => mountPath === volume.mountPath);
  const dataOn = wanted?.action === 'move' ? wanted.source.name : undefined;
  const planned = planSeal({ ...facts, found, ...(dataOn !== undefined && { dataOn }) });
  return { planned, remarks: found && typeof found !== 'string' ? volumeLines(found) : [] };
}
