import type { Client, ClientChannel } from 'ssh2';

export interface Variable {
  readonly name: string;
  readonly value: string;
  /** Whether a server that refuses it (`AcceptEnv`) ends the command before it starts. */
  readonly required: boolean;
}

type Reply = (failure?: unknown) => void;

/** The parts inside ssh2 that are needed; its version is pinned. */
interface Internals {
  readonly _protocol: {
    exec(channel: number, command: string, wantReply: boolean): void;
    env(channel: number, name: string, value: string, wantReply: boolean): void;
  };
  readonly _chanMgr: { readonly _channels: Record<number, { outgoing: { id: number }; _callbacks: Reply[] }> };
}

/**
 * Starts a command after the server has answered for every variable. ssh2
 * itself sends variables without asking for an answer, and a command whose
 * variables were dropped would run with the wrong values.
 */
export function gatedExec<Result>(
  client: Client,
  command: string,
  variables: readonly Variable[],
  onRefused: (variable: Variable) => void,
  /**
   * Called before anything else is read from the connection. A promise of the channel would come too late: the command's
   * end may stand in the same packet as its start.
   */
  follow: (channel: ClientChannel) => Promise<Result>,
): Promise<Result> {
  const internals = client as unknown as Internals;
  const protocol = internals._protocol;
  const exec = protocol.exec.bind(protocol);
  protocol.exec = (id, text, wantReply) => {
    protocol.exec = exec;
    const channel = Object.values(internals._chanMgr._channels).find((candidate) => candidate.outgoing?.id === id);
    const started = channel?._callbacks.pop();
    if (!channel || !started) throw new Error('ssh2 changed inside: its version must be the pinned one');
    const next = (index: number): void => {
      const variable = variables[index];
      if (!variable) {
        channel._callbacks.push(started);
        exec(id, text, wantReply);
        return;
      }
      channel._callbacks.push((failure) => {
        if (failure) onRefused(variable);
        if (failure && variable.required) {
          started(new Error(`could not set environment variable ${JSON.stringify(variable.name)}: ssh: setenv failed`));
        } else {
          next(index + 1);
        }
      });
      protocol.env(id, variable.name, variable.value, true);
    };
    next(0);
  };
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(follow(channel))));
  });
}
