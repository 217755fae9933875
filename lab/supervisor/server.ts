import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Answer, OrderName, Orders, Request } from './protocol';

/** Carries out each order. */
export type Handlers = {
  readonly [Name in OrderName]: (
    parameters: Orders[Name]['parameters'],
  ) => Promise<Orders[Name]['result'] extends undefined ? void : Orders[Name]['result']>;
};

/** Takes orders on a unix socket, one after the other: a snapshot must not meet a power cycle. */
export function serveOrders(path: string, handlers: Handlers): Promise<Server> {
  let queue = Promise.resolve();
  const serve = (socket: Socket) => {
    socket.on('error', () => {});
    createInterface({ input: socket }).on('line', (line) => {
      const request = JSON.parse(line) as Request;
      queue = queue.then(async () => {
        const answer = await carryOut(request, handlers);
        if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
      });
    });
  };
  return new Promise((resolve, reject) => {
    const server = createServer(serve);
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve(server);
    });
  });
}

async function carryOut({ id, order, parameters }: Request, handlers: Handlers): Promise<Answer> {
  const handler = handlers[order] as ((parameters: unknown) => Promise<unknown>) | undefined;
  if (!handler) return { id, error: `a lab knows no order "${order}": expected ${Object.keys(handlers).join(', ')}` };
  try {
    return { id, result: await handler(parameters) };
  } catch (error) {
    return { id, error: (error as Error).message };
  }
}
