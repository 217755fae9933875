import type { Server, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import * as grpc from '@grpc/grpc-js';

/** As large as the engine's own limit: a message may carry a whole schema or state. */
export const MESSAGE_LIMIT = {
  'grpc.max_receive_message_length': 400 * 1024 * 1024,
  'grpc.max_send_message_length': 400 * 1024 * 1024,
};

/** The engine passes its own address last; a debugger that attaches passes none. */
export function engineAddress(): string | undefined {
  const last = process.argv.slice(2).at(-1);
  return last?.startsWith('-') ? undefined : last;
}

/**
 * Serves a plugin on a free port of the loopback and prints the port, which is
 * what the engine waits for on a plugin's standard output.
 */
export function serve(add: (server: Server) => void, onOrphaned: () => void): void {
  const server = new grpc.Server(MESSAGE_LIMIT);
  add(server);
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  // A killed engine can't end its plugins: they notice that their parent is another.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    onOrphaned();
    process.exit(1);
  }, 500);
}

/** A call that takes one message and answers with one; what the handler throws is the call's error. */
export function unary<Request, Response>(handler: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (response) => callback(null, response),
        (error: Error) => callback({ code: 2, details: error.message }),
      );
  };
}

export function unimplemented(what: string): grpc.ServiceError {
  return Object.assign(new Error(what), {
    code: grpc.status.UNIMPLEMENTED,
    details: what,
    metadata: new grpc.Metadata(),
  });
}
