import { styleText } from 'node:util';

/** What our output says at a place where it is to be seen at once. */
const colours = {
  error: 'red',
  refused: 'red',
  failed: 'red',
  warning: 'yellow',
  declined: 'yellow',
  changed: 'green',
  unchanged: 'dim',
} as const;

/** A stream; one that is a terminal knows about colours. */
export interface Output {
  hasColors?(environment: object): boolean;
}

/**
 * A word in its colour, where a terminal with colours reads it. Node asks the environment, NO_COLOR (https://no-color.org)
 * among other things.
 *
 * @param text with the word in it, padded for instance
 * @param output where it is written to
 */
export function coloured(word: keyof typeof colours, text: string = word, output: Output = process.stdout): string {
  // styleText asks by itself only in later versions of Node, and then the standard output alone.
  return output.hasColors?.(environment()) ? styleText(colours[word], text, { validateStream: false }) : text;
}

/** Empty, NO_COLOR says nothing; Node 20 takes it for set. */
function environment(): NodeJS.ProcessEnv {
  const { NO_COLOR: noColour, ...others } = process.env;
  return noColour ? process.env : others;
}

/** As NO_COLOR does it, for this program and for those that it starts. */
export function withoutColours(): void {
  process.env.NO_COLOR = '1';
  // It would win over the other.
  delete process.env.FORCE_COLOR;
}
