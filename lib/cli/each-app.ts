import { UserError } from '../core/problems';
import { describeFailure } from './terminal/failure';

/** An app that could not be looked at. */
export interface AppProblem {
  readonly app: string;
  readonly problem: string;
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
    places.map(async (place) => ({ place, asked: await tried(place, async () => ({ first: await first(place) })) })),
  );
  const all: (Look | AppProblem)[] = [];
  for (const { place, asked } of begun) {
    all.push(isProblem(asked) ? asked : await tried(place, () => look(place, asked.first)));
  }
  throwCommon(all);
  return all;
}

export function isProblem(seen: object): seen is AppProblem {
  return 'problem' in seen;
}

async function tried<Seen>({ app }: { readonly app: string }, work: () => Promise<Seen>): Promise<Seen | AppProblem> {
  try {
    return await work();
  } catch (error) {
    const problem = describeFailure(error);
    if (typeof problem !== 'string') throw error;
    return { app, problem };
  }
}

function throwCommon(all: readonly object[]): void {
  const problems = all.map((one) => (isProblem(one) ? one.problem : undefined));
  const [problem] = problems;
  if (problem !== undefined && problems.every((one) => one === problem)) throw new UserError(problem);
}
