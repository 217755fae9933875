/**
 * Who or what ended a command.
 *
 * - `trouble`: something is wrong with a node, a volume, an app or another program, or a step failed
 * - `refused`: Lunward, the API server, another process or the operator stopped it: something has to be decided first
 * - `usage`: the command line, the description, its lock file or another file of the operator cannot be used
 * - `unreachable`: the cluster or a node could not be asked; this says nothing about what is there
 * - `interrupted`: the operator ended it
 * - `internal`: a fault of Lunward
 */
export type ErrorCategory = 'trouble' | 'refused' | 'usage' | 'unreachable' | 'interrupted' | 'internal';

/** Errors that carry a category: `UserError`, and refusals of the API server. */
interface Categorized {
  readonly category?: ErrorCategory;
}

/** The category of any error. One that carries none is a fault of Lunward, unless the operating system made it. */
export function categoryOf(error: unknown): ErrorCategory {
  if (!(error instanceof Error)) return 'internal';
  const { category } = error as Categorized;
  if (category) return category;
  if (error instanceof AggregateError && error.errors.length > 0) return categoryOf(error.errors[0]);
  if (!('syscall' in error)) return 'internal';
  return error.syscall === 'connect' || error.syscall === 'getaddrinfo' ? 'unreachable' : 'trouble';
}
