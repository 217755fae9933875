import { namesSecret } from './secret-names';

/** One thing that is wrong with what a user wrote. */
export interface Problem {
  /** Where, in the words of the description: `apps.jellyfin.config[1].lun`. */
  readonly path: string;
  /** What was found there; `undefined` where something is missing. */
  readonly value: unknown;
  /** What belongs there, as a noun phrase: "an integer from 0 to 255". */
  readonly expected: string;
  /** What to do about it, where that does not follow from `expected`. */
  readonly remedy?: string;
}

/** Something that is allowed and risky: told, never refused. */
export interface Warning {
  readonly path: string;
  readonly message: string;
}

/** Something went wrong that the user can mend: its message is all there is to show. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/**
 * The API server or a node could not be asked, or gave no answer. That says nothing about what the question was about: the caller
 * asks again, and decides nothing by it.
 */
export class UnreachableError extends UserError {
  override readonly name: string = 'UnreachableError';
}

/** A description, or the props of a construct, can't be used. Carries every problem that was found, not only the first. */
export class DescriptionError extends UserError {
  override readonly name = 'DescriptionError';

  constructor(
    readonly subject: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`${subject} has ${count}:`, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join('\n'));
  }
}

/** One line: path, expectation, value, remedy. */
export function formatProblem({ path, value, expected, remedy }: Problem): string {
  const secret = namesSecret(path.replace(/\W+$/, ''));
  const found = value === undefined ? 'found nothing' : `got ${secret ? 'a value that is not shown' : show(value)}`;
  return `${path || '(all of it)'}: expected ${expected}, ${found}${remedy ? `; ${remedy}` : ''}`;
}

/** Throws one `DescriptionError` with all problems, or returns where there are none. */
export function throwProblems(subject: string, problems: readonly Problem[]): void {
  if (problems.length > 0) {
    throw new DescriptionError(subject, problems);
  }
}

const longestValueShown = 120;

function show(value: unknown): string {
  if (typeof value === 'function') {
    return 'a function';
  }
  const text = asText(value);
  return text.length > longestValueShown ? `${text.slice(0, longestValueShown)}…` : text;
}

function asText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A large number, or an object that holds itself: a description is code, and may say anything.
    return typeof value === 'object' ? 'an object' : String(value);
  }
}
