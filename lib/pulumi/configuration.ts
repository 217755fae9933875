import * as pulumi from '@pulumi/pulumi';
import { UserError } from '../spec/problems';

/** What can be set with `pulumi config set`. */
export interface Configuration {
  /** Take over objects that run already, if they are as described. Default: `false`. */
  readonly adopt: boolean;
}

const known: readonly (keyof Configuration)[] = ['adopt'];

/**
 * Reads the stack's configuration.
 *
 * @throws UserError for a key that is not known, or a value of the wrong type.
 */
export function readConfiguration(): Configuration {
  const project = pulumi.getProject();
  const keys = Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(`${project}:`))
    .map((key) => key.slice(project.length + 1));
  const unknown = keys.filter((key) => !(known as readonly string[]).includes(key));
  if (unknown.length > 0) {
    throw new UserError(
      `Stack "${pulumi.getStack()}" has configuration that nothing reads: ${unknown.join(', ')}; ` +
        `there is ${known.join(', ')}. Remove it with \`pulumi config rm ${unknown[0]}\``,
    );
  }
  const adopt = new pulumi.Config().get('adopt') ?? 'false';
  if (adopt !== 'true' && adopt !== 'false') {
    throw new UserError(`Configuration "adopt" of stack "${pulumi.getStack()}" must be true or false, got "${adopt}"`);
  }
  return { adopt: adopt === 'true' };
}
