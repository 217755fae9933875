import * as pulumi from '@pulumi/pulumi';
import { isSameIscsiName } from '../core/iscsi-names';
import { UserError } from '../core/problems';
import { sharedInitiatorNames } from '../nodes/findings';
import { preparation } from '../nodes/preparation';
import { readReport } from '../scripts/report';
import { plainError } from './plain-error';

/** A node as its command has left it. */
export interface LeftNode {
  readonly node: string;
  /** Of the command. */
  readonly urn: string;
  /** What the command printed, as Pulumi keeps it. */
  readonly stdout: string;
}

/** The initiator names of nodes, known once all of them are prepared. */
export function initiatorNamesOf(
  nodes: readonly pulumi.Output<LeftNode>[],
): pulumi.Output<Readonly<Record<string, string>>> {
  return pulumi.all([...nodes]).apply((left) => {
    try {
      return uniqueNames(left);
    } catch (error) {
      throw error instanceof UserError ? plainError(error) : error;
    }
  });
}

/**
 * The initiator name of each node.
 *
 * @throws UserError where two nodes have one. What Pulumi keeps does not know when a person has mended that, so it says how
 *   to have them looked at anew.
 */
export function uniqueNames(nodes: readonly LeftNode[]): Readonly<Record<string, string>> {
  const names = nodes.map((left) => [left.node, nameIn(left)] as const);
  const findings = sharedInitiatorNames(names);
  if (findings.length > 0) {
    const isTwice = ([node]: readonly [string, string]) => findings.some((one) => one.node === node);
    const taken = names.filter(isTwice).map(([, name]) => name);
    const again = nodes.filter((_, index) => taken.some((name) => isSameIscsiName(name, names[index]?.[1] ?? '')));
    throw new UserError(
      [
        ...findings.map(({ subject, text, remedy }) => `node ${subject} ${text}\n  ${remedy}`),
        `Then have them looked at anew: ${replacing(again)}`,
      ].join('\n'),
    );
  }
  return Object.fromEntries(names);
}

function nameIn(left: LeftNode): string {
  // Pulumi takes the last line's end away.
  const report = readReport(`${left.stdout}\n`, preparation().facts);
  if (report && report.result !== 'declined') return report.facts.initiatorName;
  throw new UserError(
    `node ${left.node}: what its command printed is no report: ${left.stdout || 'nothing'}. Have it run anew: ${replacing([left])}`,
  );
}

function replacing(nodes: readonly LeftNode[]): string {
  const options = nodes.map(({ urn }) => `--replace '${urn}'`).join(' ');
  return `\`pulumi up --stack ${pulumi.getStack()} ${options}\``;
}
