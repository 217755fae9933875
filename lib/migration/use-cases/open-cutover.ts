import type { Lease } from '../../kubernetes/lease';
import type { AppContext } from '../app-context';
import type { CutoverContext } from '../cutover/cutover-context';
import { signalOf } from '../cutover/interrupted';
import type { Journal } from '../journal/journal';
import { assertPlaces } from '../settle/described-generations';
import { requireOwner } from './owner-of';

/**
 * What a cut-over of an app works with.
 *
 * @param context of `whileHeld`, as the lease is
 * @param signal the operator's: it stops what is under way; what brings the app back after that runs to its end (`toItsEnd`)
 * @param involved claims of the generations that it is about: a wrong line of another one is reported, and does not keep an operator from
 *   a way back. Default: all of them
 * @throws UserError for an app that no known owner can stop, or whose description names another place for one of these generations
 */
export async function openCutover(
  context: AppContext,
  journal: Journal,
  lease: Pick<Lease, 'signal'>,
  signal?: AbortSignal,
  involved?: readonly string[],
): Promise<CutoverContext> {
  const { app, model, client, nodes, project } = context;
  const { reason, places } = await assertPlaces({ app, model, client, journal }, involved);
  if (reason !== undefined) context.report({ type: 'notSettled', reason });
  return {
    app,
    model,
    described: () => context.described(),
    client,
    nodes,
    owner: await requireOwner(context),
    journal,
    places,
    project,
    signal: signalOf(lease.signal, signal),
    leaseSignal: lease.signal,
    report: (event) => context.report(event),
  };
}
