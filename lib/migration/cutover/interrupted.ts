import { UserError } from '../../core/problems';
import { LeaseLost } from '../../kubernetes/lease-lost';
import type { CutoverContext } from './cutover-context';

/** The operator has interrupted the work. */
export class Interrupted extends UserError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, category: 'interrupted' });
  }
}

/** Whether the work must end, whatever it was doing: this says nothing about its subject, and nothing may continue. */
export function mustEnd(error: unknown): boolean {
  return error instanceof Interrupted || error instanceof LeaseLost;
}

/**
 * The signal of work at an app: a lost lease ends it, and an operator does.
 *
 * @param operator whatever its reason is, work ends with an `Interrupted`. Default: no one ends it
 */
export function signalOf(lease: AbortSignal, operator?: AbortSignal): AbortSignal {
  return operator ? AbortSignal.any([lease, interruption(operator)]) : lease;
}

/** One for each signal of an operator: every listener would stay there after the app that it was for. */
const interruptions = new WeakMap<AbortSignal, AbortSignal>();

function interruption(operator: AbortSignal): AbortSignal {
  const found = interruptions.get(operator);
  if (found) return found;
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Interrupted('it was interrupted'));
  if (operator.aborted) interrupt();
  else operator.addEventListener('abort', interrupt, { once: true });
  interruptions.set(operator, controller.signal);
  return controller.signal;
}

/** For work that ends with an app that runs: until then only a lost lease stops it. */
export function toItsEnd<Site extends Pick<CutoverContext, 'signal' | 'leaseSignal'>>(site: Site): Site {
  return { ...site, signal: site.leaseSignal };
}
