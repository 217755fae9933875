import { UserError } from '../../core/problems';
import { LeaseLost } from '../../kubernetes/lease-lost';
import type { CutoverContext } from './cutover-context';

/** The operator wants the work to end. */
export class Interrupted extends UserError {}

/** Whether the work must end, whatever it was about: this says nothing about its subject, and no one may go on. */
export function mustEnd(error: unknown): boolean {
  return error instanceof Interrupted || error instanceof LeaseLost;
}

/**
 * The signal of work at an app: a lost lease ends it, and an operator does.
 *
 * @param operator whatever its reason is, work ends with an `Interrupted`. Default: no one ends it
 */
export function signalOf(lease: AbortSignal, operator?: AbortSignal): AbortSignal {
  const controller = new AbortController();
  abortWith(controller, lease, () => lease.reason);
  if (operator) abortWith(controller, operator, () => new Interrupted('it was interrupted'));
  return controller.signal;
}

function abortWith(controller: AbortController, signal: AbortSignal, reason: () => unknown): void {
  if (signal.aborted) controller.abort(reason());
  else signal.addEventListener('abort', () => controller.abort(reason()), { once: true, signal: controller.signal });
}

/** For work that ends with an app that runs: until then only a lost lease stops it. */
export function toItsEnd<Site extends Pick<CutoverContext, 'signal' | 'leaseSignal'>>(site: Site): Site {
  return { ...site, signal: site.leaseSignal };
}
