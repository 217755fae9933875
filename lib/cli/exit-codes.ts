import { categoryOf, type ErrorCategory } from '../core/error-category';

interface ExitCode {
  readonly code: number;
  /** For a person who reads the help. */
  readonly meaning: string;
}

/** What a command found at its end, by its exit code. 2 and 130 are what other commands use, too. */
export const exitCodes: Readonly<Record<ErrorCategory | 'done', ExitCode>> = {
  done: { code: 0, meaning: 'done, or nothing to do' },
  trouble: { code: 1, meaning: 'found something wrong, or a step failed' },
  usage: { code: 2, meaning: 'the command line, the description or a file that it names cannot be used' },
  refused: { code: 3, meaning: 'refused, not approved, or another process is at work' },
  unreachable: { code: 4, meaning: 'the cluster or a node could not be reached' },
  internal: { code: 70, meaning: 'a fault of Lunward: please report it' },
  interrupted: { code: 130, meaning: 'interrupted; the same command resumes' },
};

/** The exit code of a command that ends with an error. */
export function exitCodeOf(error: unknown): number {
  return exitCodes[categoryOf(error)].code;
}

/** For the end of a command's help. */
export function exitCodesHelp(): string {
  const lines = Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padEnd(4)} ${meaning}`);
  return ['', 'Exit codes:', ...lines].join('\n');
}
