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

/** The same of one finding, as lines below its app. */
export function indentedFinding(finding: Finding): string[] {
  return [`  ${coloured(finding.severity)}: ${adviceSentence(finding)}`, `    ${finding.remedy}`];
}
