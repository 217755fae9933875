import { ConflictError, RefusedByServer } from './server-answer';

/**
 * Returns the message for a write that the API server refused, if no command has a better one. `undefined` for any
 * other error.
 */
export function toldRefusal(error: unknown): string | undefined {
  if (error instanceof RefusedByServer) {
    return `The API server, or an admission policy or webhook of the cluster, refused a request: ${error.message}. Mend what it names, then run this again`;
  }
  if (error instanceof ConflictError) {
    return `Another process changed an object of the cluster at the same moment: ${error.message}. Run this again`;
  }
  return undefined;
}
