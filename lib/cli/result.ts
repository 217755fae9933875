import { categoryOf } from '../core/error-category';
import { codeOf } from '../core/error-codes';
import { UserError } from '../core/problems';
import { exitCodeOf } from './exit-codes';
import { describeFailure } from './terminal/failure';

/** Version of every JSON document that a command prints. It changes if a property changes its meaning or goes. */
export const JSON_VERSION = 1;

export interface OutputOptions {
  /** Prints one JSON document on stdout, and everything else on stderr. @default false */
  readonly json?: boolean;
}

/**
 * Prints what a command ends with.
 *
 * @param text the same for a person; empty if the progress has said it all
 */
export function printResult(command: string, { json }: OutputOptions, result: unknown, text: () => string): void {
  if (json) printDocument({ command, result });
  else {
    const words = text();
    if (words) console.log(words);
  }
}

/** Prints what a command does before its end. */
export function printProgress({ json }: OutputOptions, text: string): void {
  if (json) console.error(text);
  else console.log(text);
}

/** Prints the error that a command ends with, as JSON. @param command none where the command line is not understood */
export function printError(error: unknown, command?: string): void {
  const message = describeFailure(error);
  printDocument({
    ...(command && { command }),
    error: {
      category: categoryOf(error),
      code: codeOf(error),
      exitCode: exitCodeOf(error),
      message: typeof message === 'string' ? message : String(error),
      advice: error instanceof UserError ? error.advice : [],
    },
  });
}

let print = (text: string) => console.log(text);

/** Leaves stdout to the document: what a description prints while it is loaded goes to stderr, too. */
export function keepForDocument(): void {
  print = console.log.bind(console);
  console.log = console.info = console.debug = console.error;
}

function printDocument(content: object): void {
  print(JSON.stringify({ version: JSON_VERSION, ...content }, undefined, 2));
}
