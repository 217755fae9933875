import * as grpc from '@grpc/grpc-js';
import { EngineClient } from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import { LogRequest, LogSeverity } from '@pulumi/pulumi/proto/engine_pb.js';

/** What a resource says while it is worked on; the engine shows it beside the resource. */
export interface Logger {
  /** Shown in the status column only, and gone when the resource is done. */
  status(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

export function engineLogger(address: string | undefined): (urn: string) => Logger {
  const client = address ? new EngineClient(address, grpc.credentials.createInsecure()) : undefined;
  return (urn) => {
    const send = (severity: LogSeverity, message: string, ephemeral: boolean) => {
      const request = new LogRequest();
      request.setSeverity(severity);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(ephemeral);
      // A lost line of a log is no reason to fail the command.
      client?.log(request, () => {});
    };
    return {
      status: (message) => send(LogSeverity.INFO, message, true),
      info: (message) => send(LogSeverity.INFO, message, false),
      warn: (message) => send(LogSeverity.WARNING, message, false),
    };
  };
}
