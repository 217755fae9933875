import type { AppContext } from '../app-context';
import { plansTo } from '../plan/plans-to';
import { type ApprovalOptions, execute } from './execute';
import { planVolumes } from './plan-volumes';
import { withMissingSeals, writeSeals } from './write-seals';

/** Makes the file systems of an app's first volumes, on LUNs that nothing was ever written to. */
export function format(context: AppContext, options: ApprovalOptions): Promise<'changed' | 'unchanged'> {
  const plan = async () => withMissingSeals(context, plansTo('format', await planVolumes(context), context));
  return execute(context, { ...options, plan, afterwards: writeSeals });
}
