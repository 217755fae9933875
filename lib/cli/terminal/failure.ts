import { UserError } from '../../core/problems';
import { toldRefusal } from '../../kubernetes/told-refusal';

/**
 * What to print for an error. An error that the user can fix is printed as its message; anything else is a bug, and its stack
 * helps to find it.
 */
export function describeFailure(error: unknown): unknown {
  if (error instanceof UserError) {
    return error.message;
  }
  // Of a file, a program or a connection the operating system says by itself what is wrong.
  return toldRefusal(error) ?? (error instanceof Error && 'syscall' in error ? error.message : error);
}
