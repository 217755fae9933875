import type { Finding } from '../../core/finding';
import { coloured } from '../terminal/colour';

/** Findings for a person, each with its remedy and set off by an empty line. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ severity, subject, text, remedy }) => [
    '',
    `${coloured(severity)}: ${subject} ${text}`,
    `  ${remedy}`,
  ]);
}
