import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { quote } from './quote';

/** A value that a script is given under a name; a list becomes an array of bash. */
export type Parameter = string | number | readonly string[];

/** One text for bash, which can be shown before it is run. */
export interface Script<Facts> {
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text without its secrets and comments, in hexadecimal digits. */
  readonly hash: string;
  /** What it reports, unless it declines. */
  readonly facts: z.ZodType<Facts>;
}

// From `lib/scripts` and from `build/scripts` alike.
const folder = join(__dirname, '..', '..', 'lib', 'scripts');

const libraries = ['bash/undo.sh', 'bash/report.sh'];

/**
 * Makes a script of its file and its parameters. All of it is one compound command: a shell reads it to its end
 * before it does anything, so a connection that breaks leaves nothing half done.
 *
 * @param file below this folder, without its ending, such as `lun/format-lun`
 * @param parameters one for each that the file asks for at its head, as `: "${portal:?}"`, `"${name?}"` where it may be
 * empty, or `"${list[@]-}"`
 * @param secrets parameters that the hash must not depend on: what is approved stays so when a password changes
 * @throws Error when a parameter is missing, not asked for, or can't be given to a shell: a mistake of ours
 */
export function renderScript<Facts>(
  file: string,
  parameters: Readonly<Record<string, Parameter>>,
  facts: z.ZodType<Facts>,
  secrets: Readonly<Record<string, Parameter>> = {},
): Script<Facts> {
  const name = basename(file);
  const body = withoutComments(withLibraries(readScript(`${file}.sh`), parameters));
  assertParameters(name, body, { ...parameters, ...secrets });
  const textWith = (values: Readonly<Record<string, Parameter>>) =>
    [
      '{',
      'set -euo pipefail',
      // Names are bytes, and messages of programs are in one language.
      'export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"',
      // What is run must not read the rest of this text.
      'exec </dev/null',
      ...libraries.map((library) => withoutComments(readScript(library))),
      ...Object.entries(values).map(([parameter, value]) => `${parameter}=${word(value)}`),
      body,
      '}',
      '',
    ].join('\n');
  return {
    name,
    text: textWith({ ...parameters, ...secrets }),
    hash: createHash('sha256').update(textWith(parameters)).digest('hex'),
    facts,
  };
}

/**
 * Puts libraries in the place of the lines that source them, each where it is asked for first. A name that ends in a parameter,
 * as in `source "bash/source-$source_kind.sh"`, is that of one of several that are for the same.
 */
function withLibraries(
  text: string,
  parameters: Readonly<Record<string, Parameter>>,
  known = new Set<string>(),
): string {
  return text.replace(/^source "?(bash\/[\w-]+)(?:\$(\w+))?\.sh"?$/gm, (_, name: string, parameter?: string) => {
    const library = `${name}${parameter ? parameters[parameter] : ''}.sh`;
    if (known.has(library)) return '';
    known.add(library);
    return withLibraries(readScript(library), parameters, known);
  });
}

/** The text of a file of `scripts`. */
export function readScript(name: string): string {
  return readFileSync(join(folder, name), 'utf8').trimEnd();
}

/**
 * A script without its comments, so that rewording one changes no digest that someone approved. Only whole lines are removed: no
 * string or here-document of these scripts may have a line that begins with `#`.
 */
export function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n');
}

function word(value: Parameter): string {
  return Array.isArray(value) ? `(${value.map(quote).join(' ')})` : quote(String(value));
}

function assertParameters(name: string, body: string, parameters: Readonly<Record<string, Parameter>>): void {
  const asked = [
    ...new Set([...body.matchAll(/^: "\$\{(\w+)(?:\[@\]-|:?\?)\}"/gm)].map(([, parameter = '']) => parameter)),
  ].sort();
  const given = Object.keys(parameters).sort();
  if (asked.join() !== given.join()) {
    throw new Error(
      `script ${name} asks for ${asked.join(', ') || 'nothing'}, and is given ${given.join(', ') || 'nothing'}`,
    );
  }
}
