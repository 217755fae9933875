import type { ErrorCategory } from '../core/error-category';
import type { ErrorCode } from '../core/error-codes';
import { UnanswerableError, UnreachableError } from '../core/problems';
import { DEADLINE_SECONDS } from './connection';

/** The API server, or one of its admission plugins, policies or webhooks, refused a request. */
export class RefusedByServer extends Error {
  override readonly name = 'RefusedByServer';
  readonly category: ErrorCategory = 'refused';
}

/** Another process has written an object since it was read. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly category: ErrorCategory = 'refused';
  readonly code: ErrorCode = 'conflict';
}

/**
 * Asks the API server.
 *
 * @returns `undefined` if there is no such object, or the cluster does not know its kind
 * @throws RefusedByServer, ConflictError with the server's message
 * @throws UnreachableError if the server gave no answer of its own: no connection, a timeout, overload (429), a server
 * fault (5xx), or a kubeconfig user that is unknown (401); an UnanswerableError if the user has no permission (403)
 */
export async function answerTo<Answer>(
  question: () => Promise<Answer>,
  context: string | undefined,
): Promise<Answer | undefined> {
  try {
    return await question();
  } catch (error) {
    const { name, code, body } = error as { name: string; code?: number | string; body?: unknown };
    const message = name === 'AbortError' ? `it gave no answer within ${DEADLINE_SECONDS} s` : (error as Error).message;
    if (code === 404 || message.startsWith('Unrecognized API version and kind')) {
      return undefined;
    }
    const said = statusMessage(body);
    if (code === 409) throw new ConflictError(said ?? message, { cause: error });
    if (code === 422 || code === 400 || (code === 403 && said !== undefined && isOfAdmission(said))) {
      throw new RefusedByServer(said ?? message, { cause: error });
    }
    const reason = `The API server of context "${context ?? 'current'}" can't be asked: ${said ?? message}`;
    const Unasked = code === 403 && said !== undefined ? UnanswerableError : UnreachableError;
    throw new Unasked(reason, { cause: error });
  }
}

/**
 * A 403 has two meanings: the object is not admitted, or the user has no permission. Only the second has a fixed
 * wording, the same for every authorizer: forbiddenMessage() in
 * apiserver/pkg/endpoints/handlers/responsewriters/errors.go. Admission plugins have their own messages.
 */
function isOfAdmission(message: string): boolean {
  return !/\bUser "[^"]*" cannot \S+ (resource|path) /.test(message);
}

function statusMessage(body: unknown): string | undefined {
  try {
    const status =
      typeof body === 'string' ? (JSON.parse(body) as { message?: string }) : (body as { message?: string });
    return status?.message;
  } catch {
    return undefined;
  }
}
