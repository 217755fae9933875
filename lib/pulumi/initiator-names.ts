import * as pulumi from '@pulumi/pulumi';
import { adviceSentence } from '../core/advice';
import { isSameIscsiName } from '../core/iscsi-names';
import { UserError } from '../core/problems';
import { sharedInitiatorNames } from '../nodes/findings';
import { preparation } from '../nodes/preparation';
import { readReport } from '../scripts/report';
import { plainError } from './plain-error';

/** A node after its command has run. */
export interface LeftNode {
  readonly node: string;
  /** URN of the command. */
  readonly urn: string;
  /** The command's output, as Pulumi keeps it. */
  readonly stdout: string;
}

/** The initiator names by node, known once all nodes are prepared. */
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
 * @throws UserError if two nodes share a name. Pulumi's state does not notice when a person has fixed that, so the
 * error says how to have the nodes inspected again.
 */
export function uniqueNames(nodes: readonly LeftNode[]): Readonly<Record<string, string>> {
  const names = nodes.map((left) => [left.node, nameIn(left)] as const);
  const findings = sharedInitiatorNames(names);
  if (findings.length > 0) {
    const isTwice = ([node]: readonly [string, string]) => findings.some(({ affects }) => affects.node === node);
    const taken = names.filter(isTwice).map(([, name]) => name);
    const again = nodes.filter((_, index) => taken.some((name) => isSameIscsiName(name, names[index]?.[1] ?? '')));
    throw new UserError(
      [
        ...findings.map((finding) => `node ${adviceSentence(finding)}\n  ${finding.remedy}`),
        `Then check them again: ${replacing(again)}`,
      ].join('\n'),
      { code: 'initiator-name-shared' },
    );
  }
  return Object.fromEntries(names);
}

function nameIn(left: LeftNode): string {
  // Pulumi removes the line feed at the end.
  const report = readReport(`${left.stdout}\n`, preparation().facts);
  if (report && report.result !== 'declined') return report.facts.initiatorName;
  throw new UserError(
    `node ${left.node}: what its command printed is no report: ${left.stdout || 'nothing'}. Run it again: ${replacing([left])}`,
    { code: 'no-report' },
  );
}

function replacing(nodes: readonly LeftNode[]): string {
  const options = nodes.map(({ urn }) => `--replace '${urn}'`).join(' ');
  return `\`pulumi up --stack ${pulumi.getStack()} ${options}\``;
}
