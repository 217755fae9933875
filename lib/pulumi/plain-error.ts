import * as pulumi from '@pulumi/pulumi';

/**
 * An error of which Pulumi shows only the message. It has no stack trace, because Pulumi inspects one anyway, which
 * takes Node 20 up to a minute.
 */
export function plainError({ message }: Error): Error {
  const error = new pulumi.RunError(message);
  error.stack = undefined;
  return error;
}
