import * as pulumi from '@pulumi/pulumi';
import { sharedName } from '../cluster/description';
import { loadCluster } from '../cluster/load-cluster';
import { UserError } from '../core/problems';
import { toldRefusal } from '../kubernetes/told-refusal';
import { ClusterPart } from './cluster-part';
import { readConfiguration } from './configuration';
import { plainError } from './plain-error';
import { PreparedNodes } from './prepared-nodes';

/** The outputs of a stack. */
export interface StackOutputs {
  /** The objects that it applies: `Deployment media/jellyfin` and so on. */
  readonly objects: readonly string[];
  /** The initiator name of each node that it prepares; only in the stack `shared`, if `nodes` is set. */
  readonly initiatorNames?: pulumi.Output<Readonly<Record<string, string>>>;
}

/**
 * The Pulumi program of a described cluster: `module.exports = runStack(…)`. The stack's name is the key of an app in
 * the description, or `shared`.
 *
 * @param descriptionFile path of the description, such as `cluster.ts`
 */
export function runStack(descriptionFile: string): () => Promise<StackOutputs> {
  return async () => {
    try {
      return await applyStack(descriptionFile);
    } catch (error) {
      const refusal = toldRefusal(error);
      if (refusal !== undefined)
        throw plainError(new UserError(refusal, { cause: error, category: 'refused', code: 'refused' }));
      throw error instanceof UserError ? plainError(error) : error;
    }
  };
}

async function applyStack(descriptionFile: string): Promise<StackOutputs> {
  const { cluster, lock, file } = await loadCluster(descriptionFile);
  const part = pulumi.getStack();
  if (part !== sharedName && !Object.hasOwn(cluster.apps, part)) {
    throw new UserError(
      `Stack "${part}" is no app of ${file}; its stacks are ${[...Object.keys(cluster.apps), sharedName].join(', ')}. ` +
        'An app that is to go is destroyed first, and leaves the description then',
      { category: 'usage', code: 'no-such-app' },
    );
  }
  const { adopt, nodes } = readConfiguration();
  const { objects } = await ClusterPart.create(part, { cluster, part, lock, adopt });
  if (!nodes) return { objects };
  const { initiatorNames } = await PreparedNodes.create('nodes', { cluster });
  return { objects, initiatorNames };
}
