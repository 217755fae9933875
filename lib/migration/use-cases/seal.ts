import type { Advice } from '../../core/advice';
import { runForFacts } from '../../nodes/run-script';
import { describeStorage } from '../../storage/registry';
import type { AppContext, Observations, TargetVolume } from '../app-context';
import { adoptable, planSeal, volumeLines } from '../plan/plan-seal';
import type { RemarkedPlan } from '../plan/remarked-plan';
import type { WantedMove } from '../plan/wanted-volumes';
import { type ApprovalOptions, execute } from './execute';
import { withMissingSeals, writeSeals } from './write-seals';

/** Adopts LUNs that hold an app's data already: marks them as whole, and writes nothing else to them. The app is down. */
export function seal(context: AppContext, options: ApprovalOptions): Promise<'changed' | 'unchanged'> {
  // By the lock file as the command found it: what was missing there is written before it plans.
  const plan = async (held: AppContext) => withMissingSeals(context, await planSeals(held));
  return execute(context, { ...options, plan, afterwards: writeSeals });
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

async function planSeals(context: AppContext): Promise<readonly RemarkedPlan[]> {
  const observed = await context.observe();
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
