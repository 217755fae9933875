import type { Lease } from '../../lib/kubernetes/lease';
import { Interrupted } from '../../lib/migration/cutover/interrupted';

/** A lease that no one takes. */
export const heldLease = (): Lease => ({ signal: new AbortController().signal, assertHeld: async () => {} });

/** The signal of an operator who presses Ctrl-C just before the work asks for the n-th time whether it may go on. */
export function interruptedAtLook(place: number): { readonly signal: AbortSignal; readonly looks: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let looks = 0;
  const throwIfAborted = () => {
    looks += 1;
    if (looks >= place) controller.abort(new Interrupted('it was interrupted'));
    AbortSignal.prototype.throwIfAborted.call(signal);
  };
  return { signal: Object.assign(signal, { throwIfAborted }), looks: () => looks };
}
