import { z } from 'zod';
import { renderScript, type Script } from '../script';

const facts = z.object({
  /** Of HTTP; 0 where there was no answer. */
  status: z.number().int(),
  /** Why there was none. */
  problem: z.string(),
});

/** What a server answered. */
export type AskedHttp = z.infer<typeof facts>;

/**
 * Asks a server by HTTP, from a node that reaches it. Nothing is changed.
 *
 * @param path of the request; where it is empty, status 200 says that the server accepts a connection
 */
export function askHttp(address: string, port: number, path: string): Script<AskedHttp> {
  return renderScript('node/ask-http', { address, port, path }, facts);
}
