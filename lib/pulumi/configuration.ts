import * as pulumi from '@pulumi/pulumi';
import { sharedName } from '../cluster/description';
import { UserError } from '../core/problems';

/** What can be set with `pulumi config set`. */
export interface Configuration {
  /** Whether to adopt objects that already run, if they are as described. Default: `false`. */
  readonly adopt: boolean;
  /** Whether to prepare the nodes that are reached by SSH; only in the stack `shared`. Default: `false`. */
  readonly nodes: boolean;
}

const known: readonly (keyof Configuration)[] = ['adopt', 'nodes'];

/**
 * Reads the stack's configuration.
 *
 * @throws UserError for a key that is unknown or belongs to another stack, and for a value of the wrong type
 */
export function readConfiguration(): Configuration {
  const project = pulumi.getProject();
  const stack = pulumi.getStack();
  const keys = Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith(`${project}:`))
    .map((key) => key.slice(project.length + 1));
  const unknown = keys.filter((key) => !(known as readonly string[]).includes(key));
  if (unknown.length > 0) {
    throw new UserError(
      `Stack "${stack}" has configuration that nothing reads: ${unknown.join(', ')}; ` +
        `there is ${known.join(', ')}. Remove it with \`pulumi config rm ${unknown[0]}\``,
      { category: 'usage', code: 'configuration-invalid' },
    );
  }
  if (keys.includes('nodes') && stack !== sharedName) {
    throw new UserError(
      `Configuration "nodes" of stack "${stack}" has no meaning: nodes are prepared by the stack "${sharedName}". ` +
        `Remove it with \`pulumi config rm nodes --stack ${stack}\`, and see \`pulumi config set nodes true --stack ${sharedName}\``,
      { category: 'usage', code: 'configuration-invalid' },
    );
  }
  return { adopt: readSwitch('adopt'), nodes: readSwitch('nodes') };
}

function readSwitch(key: keyof Configuration): boolean {
  const value = new pulumi.Config().get(key) ?? 'false';
  if (value !== 'true' && value !== 'false') {
    throw new UserError(
      `Configuration "${key}" of stack "${pulumi.getStack()}" must be true or false, got "${value}"`,
      { category: 'usage', code: 'configuration-invalid' },
    );
  }
  return value === 'true';
}
