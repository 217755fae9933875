import { z } from 'zod';
import { renderScript, type Script } from '../script';

const facts = z.object({
  /** HTTP status; 0 without an answer. */
  status: z.number().int(),
  /** Why there was no answer; empty if there was one. */
  problem: z.string(),
});

/** A server's answer. */
export type AskedHttp = z.infer<typeof facts>;

/**
 * Sends an HTTP request from a node that reaches the server. Nothing is changed.
 *
 * @param path of the request; if it is empty, status 200 means that the server accepts a connection
 */
export function askHttp(address: string, port: number, path: string): Script<AskedHttp> {
  return renderScript('node/ask-http', { address, port, path }, facts);
}
