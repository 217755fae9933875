import type { Advice } from './advice';
import { categoryOf, type ErrorCategory } from './error-category';
import { codeOf, type ErrorCode } from './error-codes';
import { namesSecret } from './secret-names';

/** One error in what the user wrote. */
export interface Problem {
  /** Path in the description: `apps.jellyfin.config[1].lun`. */
  readonly path: string;
  /** The value found there; `undefined` if it is missing. */
  readonly value: unknown;
  /** What is expected, as a noun phrase: "an integer from 0 to 255". */
  readonly expected: string;
  /** What to do, if that does not follow from `expected`. */
  readonly remedy?: string;
}

/** Something that is allowed but risky. It is reported and never refused. */
export interface Warning {
  readonly path: string;
  readonly message: string;
}

export interface UserErrorOptions extends ErrorOptions {
  /** @default 'trouble' */
  readonly category?: ErrorCategory;
  /** @default the category */
  readonly code?: ErrorCode;
  /** What is in the way, if it is more than one thing. Default: nothing */
  readonly advice?: readonly Advice[];
}

/** An error that the user can fix. Commands show its message and no stack trace. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  /** Decides the exit code of a command. */
  readonly category: ErrorCategory;
  /** Stays the same when the wording of the message changes. */
  readonly code: ErrorCode;
  readonly advice: readonly Advice[];

  constructor(
    message: string,
    { category = 'trouble', code = category, advice = [], ...options }: UserErrorOptions = {},
  ) {
    super(message, options);
    this.advice = advice;
    this.category = category;
    this.code = code;
  }

  /** Makes an error that says more about another one: of its category and code, with it as the cause. */
  static from(cause: Error, message: string): UserError {
    const advice = cause instanceof UserError ? cause.advice : [];
    return new UserError(message, { cause, category: categoryOf(cause), code: codeOf(cause), advice });
  }
}

/**
 * The API server or a node could not be asked, or did not answer. This says nothing about the subject of the question:
 * ask again, and decide nothing from it.
 */
export class UnreachableError extends UserError {
  override readonly name: string = 'UnreachableError';

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, category: 'unreachable' });
  }
}

/**
 * What could not be asked, and will not be by asking again: the user has no permission, or a script ran and ended without a report.
 * Like any `UnreachableError` it says nothing about the subject.
 */
export class UnanswerableError extends UnreachableError {
  override readonly name: string = 'UnanswerableError';
}

/**
 * A description, or the props of a construct, cannot be used. Carries every problem that was found, not only the first.
 */
export class DescriptionError extends UserError {
  override readonly name = 'DescriptionError';

  constructor(
    readonly subject: string,
    readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super([`${subject} has ${count}:`, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join('\n'), {
      category: 'usage',
      code: 'description-invalid',
      advice: problems.map(adviceOf),
    });
  }
}

/** The same of a problem as of everything else that is in the way. */
function adviceOf(problem: Problem): Advice {
  const { path, expected, remedy } = problem;
  return {
    code: 'description-problem',
    subject: path || '(all of it)',
    found: foundIn(problem),
    expected,
    ...(remedy && { remedy }),
  };
}

/**
 * Formats a problem in one line: path, expectation, value, remedy. A value whose name says that it is secret is not
 * shown.
 */
export function formatProblem(problem: Problem): string {
  const { path, value, expected, remedy } = problem;
  const found = value === undefined ? 'found nothing' : `got ${foundIn(problem)}`;
  return `${path || '(all of it)'}: expected ${expected}, ${found}${remedy ? `; ${remedy}` : ''}`;
}

function foundIn({ path, value }: Problem): string {
  if (value === undefined) return 'nothing';
  return namesSecret(path.replace(/\W+$/, '')) ? 'a value that is not shown' : show(value);
}

/**
 * Reports all problems in one error. Does nothing if there are none.
 *
 * @throws DescriptionError with every problem
 */
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
    // A description is code, so any value can be here: a bigint, or an object that contains itself.
    return typeof value === 'object' ? 'an object' : String(value);
  }
}
