import { remote } from '@pulumi/command';
import * as pulumi from '@pulumi/pulumi';
import type { Cluster } from '../cluster/cluster';
import { UserError } from '../core/problems';
import { preparation } from '../nodes/preparation';
import { ROOT_SHELL } from '../nodes/ssh/ssh';
import { type SshNode, sshNodes } from '../nodes/ssh/ssh-nodes';
import { requireDone } from '../scripts/node/require-done';
import { connectionTo, type NodeConnection } from './connection';
import { initiatorNamesOf, type LeftNode } from './initiator-names';

/** The arguments of `PreparedNodes`. */
export interface PreparedNodesArgs {
  /** The cluster, as `defineCluster` returns it. */
  readonly cluster: Cluster;
}

/**
 * Gives the nodes that are reached by SSH what volumes need, with one remote command each. A preview connects to none
 * of them. A command runs again when its script changes, or the way its node is reached; it has nothing to undo.
 */
export class PreparedNodes extends pulumi.ComponentResource {
  /** The initiator name of each node. It fails if two nodes share a name. */
  readonly initiatorNames: pulumi.Output<Readonly<Record<string, string>>>;

  private constructor(name: string, nodes: readonly ConnectedNode[], options: pulumi.ComponentResourceOptions) {
    super('lunward:index:PreparedNodes', name, {}, options);
    this.initiatorNames = initiatorNamesOf(nodes.map((node) => this.prepare(node)));
    this.registerOutputs({ initiatorNames: this.initiatorNames });
  }

  /**
   * Creates a command for each node.
   *
   * @throws UserError if no node is reached by SSH, or if Pulumi can't reach some of them: it lists every such node
   */
  static async create(
    name: string,
    { cluster }: PreparedNodesArgs,
    options: pulumi.ComponentResourceOptions = {},
  ): Promise<PreparedNodes> {
    return new PreparedNodes(name, await connected(sshNodes(cluster)), options);
  }

  private prepare(node: ConnectedNode): pulumi.Output<LeftNode> {
    const { name, connection } = node;
    const command = new remote.Command(
      `node-${name}`,
      {
        connection: {
          ...connection,
          ...('privateKey' in connection && { privateKey: pulumi.secret(connection.privateKey) }),
          // A node that is off is reported within a minute.
          dialErrorLimit: 2,
        },
        create: ROOT_SHELL,
        // The state contains this text as it is, so it must hold no secrets.
        stdin: requireDone(preparation(node)).text,
        // The plugin would pass it in variables, which sshd does not accept, and would warn.
        addPreviousOutputInEnv: false,
        logging: remote.Logging.None,
      },
      { parent: this },
    );
    const left = pulumi.all([command.urn, command.stdout]).apply(([urn, stdout]) => ({ node: name, urn, stdout }));
    // The plugin treats the connection as a secret, and therefore also everything that results from it.
    return pulumi.unsecret(left);
  }
}

type ConnectedNode = SshNode & { readonly connection: NodeConnection };

async function connected(nodes: readonly SshNode[]): Promise<ConnectedNode[]> {
  const problems: UserError[] = [];
  const found = await Promise.all(
    nodes.map(async (node) => {
      try {
        return [{ ...node, connection: await connectionTo(node) }];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        problems.push(error);
        return [];
      }
    }),
  );
  if (problems.length > 0)
    throw UserError.from(new AggregateError(problems), problems.map(({ message }) => message).join('\n'));
  return found.flat();
}
