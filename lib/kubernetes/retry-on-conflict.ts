import { ConflictError } from './cluster-client';

const MOST_TRIES = 10;

/**
 * Repeats work if another process has written an object between its read and its write, as controllers do. The work reads the object
 * again each time.
 *
 * @param work gets the number of the try, from 1
 * @throws ConflictError if the object changes faster than it can be written
 */
export async function retryOnConflict<Done>(work: (tries: number) => Promise<Done>): Promise<Done> {
  for (let tries = 1; ; tries++) {
    try {
      return await work(tries);
    } catch (error) {
      if (!(error instanceof ConflictError) || tries >= MOST_TRIES) throw error;
    }
  }
}
