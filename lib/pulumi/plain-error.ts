import * as pulumi from '@pulumi/pulumi';

/** Pulumi shows a RunError by its message alone. It inspects the stack all the same, which takes Node 20 up to a minute. */
export function plainError({ message }: Error): Error {
  const error = new pulumi.RunError(message);
  error.stack = undefined;
  return error;
}
