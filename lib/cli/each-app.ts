import { categoryOf, type ErrorCategory } from '../core/error-category';
import { codeOf, type ErrorCode } from '../core/error-codes';
import { UserError } from '../core/problems';
import { describeFailure } from './terminal/failure';

/** An app that could not be looked at. */
export interface AppProblem {
  readonly app: string;
  readonly problem: string;
  readonly category: ErrorCategory;
  readonly code: ErrorCode;
}

/**
 * Looks at apps one after the other; what fails for one does not hide the others.
 *
 * @param first What every app needs. All are asked at once, so that a cluster that gives no answer is waited for once.
 * @throws UserError where all of them fail for one reason; any error that is a fault of ours
 */
export async function eachApp<Place extends { readonly app: string }, First, Look extends object>(
  places: readonly Place[],
  first: (place: Place) => Promise<First>,
  look: (place: Place, first: First) => Promise<Look>,
): Promise<(Look | AppProblem)[]> {
  const begun = await Promise.all(
    places.map(async (place) => ({ place, asked: await tried(async () => ({ first: await first(place) })) })),
  );
  const all: (Look | Failure)[] = [];
  for (const { place, asked } of begun) {
    all.push(asked instanceof Failure ? asked : await tried(() => look(place, asked.first)));
  }
  throwCommon(all);
  return all.map((one, index) => (one instanceof Failure ? problemOf(places[index]?.app ?? '', one) : one));
}

export function isProblem(seen: object): seen is AppProblem {
  return 'problem' in seen;
}

/** An error that can be shown in one line. */
class Failure {
  constructor(
    readonly error: Error,
    readonly problem: string,
  ) {}
}

async function tried<Seen>(work: () => Promise<Seen>): Promise<Seen | Failure> {
  try {
    return await work();
  } catch (error) {
    const problem = describeFailure(error);
    if (typeof problem !== 'string') throw error;
    return new Failure(error as Error, problem);
  }
}

function problemOf(app: string, { error, problem }: Failure): AppProblem {
  return { app, problem, category: categoryOf(error), code: codeOf(error) };
}

function throwCommon(all: readonly object[]): void {
  const [first, ...others] = all;
  if (!(first instanceof Failure)) return;
  const isCommon = others.every((one) => one instanceof Failure && one.problem === first.problem);
  if (isCommon) throw UserError.from(first.error, first.problem);
}
