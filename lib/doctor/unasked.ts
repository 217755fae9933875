import type { Finding } from '../core/advice';
import { UnanswerableError, UnreachableError, type UserError } from '../core/problems';

/** What could not be asked of the cluster, and why. Nothing here is asked of a node, so what is unanswerable is forbidden. */
export interface Unasked {
  /** For a person, after "could not be asked for": "the journal of sonarr". */
  readonly about: string;
  readonly error: UserError;
}

/**
 * Reports what could not be asked of the cluster: each cause once, with all that was not learned for it. A missing permission is another
 * cause than a server that does not answer, and is mended by someone else.
 *
 * @param all in the order in which it was asked
 */
export function unaskedFindings(all: readonly Unasked[], severity: Finding['severity'] = 'warning'): Finding[] {
  const byCause = new Map<string, Unasked[]>();
  for (const unasked of all) {
    const cause = causeOf(unasked.error);
    byCause.set(cause, [...(byCause.get(cause) ?? []), unasked]);
  }
  return [...byCause.values()].map((same) => {
    const [{ error }] = same as [Unasked];
    const about = [...new Set(same.map((one) => one.about))].join(', ');
    const isForbidden = error instanceof UnanswerableError;
    return {
      code: isForbidden ? 'cluster-forbidden' : 'cluster-unreachable',
      subject: 'The cluster',
      severity,
      found: `could not be asked for ${about}: ${error.message}`,
      remedy: isForbidden
        ? 'permit this user to read that, then run "lunward doctor" again'
        : 'run "lunward doctor" again once the cluster answers',
    };
  });
}

/** The API server names the object in a refusal, and after that what the user may not do. */
function causeOf(error: UserError): string {
  if (!(error instanceof UnreachableError)) return error.message;
  if (!(error instanceof UnanswerableError)) return 'unreachable';
  return /\bUser "[^"]*" cannot .*/.exec(error.message)?.[0] ?? error.message;
}
