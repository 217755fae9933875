import type { Finding } from '../nodes/findings';

/** Findings for a person, each with its remedy and set off by an empty line. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ severity, node, text, remedy }) => ['', `${severity}: ${node} ${text}`, `  ${remedy}`]);
}
