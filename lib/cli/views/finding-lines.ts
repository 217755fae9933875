import { adviceSentence, type Finding } from '../../core/advice';
import { coloured } from '../terminal/colour';

/** Findings for a person, each with its remedy and set off by an empty line. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap((finding) => [
    '',
    `${coloured(finding.severity)}: ${adviceSentence(finding)}`,
    `  ${finding.remedy}`,
  ]);
}
