import { UserError } from '../spec/problems';

/**
 * What to print of an error. What the user can mend is told in its own words; anything else is a fault of ours, or of the
 * code in a description, and its stack helps to find it.
 */
export function describeFailure(error: unknown): unknown {
  if (error instanceof UserError) {
    return error.message;
  }
  // A file that can't be read or written says which and why by itself.
  return error instanceof Error && 'syscall' in error && 'path' in error ? error.message : error;
}
