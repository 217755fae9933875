import { connect, createServer, type Server } from 'node:net';
import { joinSockets, listenOnSocket } from './sockets';

/**
 * Forwards every connection to a unix socket to a port of the loopback: the way
 * of a machine to the API server. Where nobody listens on the port, connections
 * are closed.
 */
export async function forward(socket: string, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    joinSockets(client, connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
  });
  await listenOnSocket(server, socket);
  return server;
}
