import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { z } from 'zod';
import { quote } from './quote';
import { readScript } from './script-files';

/** A named value for a script; a list becomes a bash array. */
export type Parameter = string | number | readonly string[];

/** A text for bash, which can be shown before it is run. */
export interface Script<Facts> {
  readonly name: string;
  /** It may hold passwords, so it is not enumerable: JSON, console.log and copies of the object are without it. */
  readonly text: string;
  /** SHA-256 of the text without its secrets and comments, as hexadecimal digits. */
  readonly hash: string;
  /** What it reports unless it declines. */
  readonly facts: z.ZodType<Facts>;
}

const libraries = ['bash/undo.sh', 'bash/report.sh', 'bash/machine.sh'];

/**
 * Renders a script from its file and its parameters. The whole text is one compound command: a shell reads all of it
 * before it does anything, so a connection that breaks leaves nothing half done.
 *
 * @param file below this folder, without its extension, such as `lun/format-lun`
 * @param parameters one for each that the file declares at its top, as `: "${portal:?}"`, as `"${name?}"` if it may be
 * empty, or as `"${list[@]-}"`
 * @param secrets parameters that are left out of the hash, so that an approval stays valid when a password changes
 * @throws Error if a parameter is missing, not declared, or can't be passed to a shell: a bug in Lunward
 */
export function renderScript<Facts>(
  file: string,
  parameters: Readonly<Record<string, Parameter>>,
  facts: z.ZodType<Facts>,
  secrets: Readonly<Record<string, Parameter>> = {},
): Script<Facts> {
  const name = basename(file);
  const { body, declared } = withLibraries(`${file}.sh`, parameters);
  assertParameters(name, declared, { ...parameters, ...secrets });
  const textWith = (values: Readonly<Record<string, Parameter>>) =>
    [
      '{',
      'set -euo pipefail',
      // Names are bytes, and programs' messages are in one language.
      'export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"',
      // Programs must not read the rest of this text.
      'exec </dev/null',
      ...libraries.flatMap((library) => partsOf(library).commands),
      ...Object.entries(values).map(([parameter, value]) => `${parameter}=${word(value)}`),
      body,
      '}',
      '',
    ].join('\n');
  const open = textWith(parameters);
  const hash = createHash('sha256').update(open).digest('hex');
  const text = Object.keys(secrets).length === 0 ? open : textWith({ ...parameters, ...secrets });
  return withText({ name, hash, facts }, text);
}

function withText<Facts>(script: Omit<Script<Facts>, 'text'>, text: string): Script<Facts> {
  return Object.defineProperty({ ...script, text: '' }, 'text', { value: text, enumerable: false });
}

/** A machine, as a cluster knows it. */
export interface Machine {
  /** Name of the node in the cluster. */
  readonly node: string;
  /** See machine-id(5); lower case, without dashes. */
  readonly machineId: string;
  /** Set if another node of the cluster has the same machine id. Default: any boot will do. */
  readonly bootId?: string;
}

/** The same script, which does nothing on any other machine, and declines there. Its hash is the same. */
export function onMachine<Facts>(script: Script<Facts>, { node, machineId, bootId = '' }: Machine): Script<Facts> {
  const expected = { expected_node: node, expected_machine: machineId, expected_boot: bootId };
  const lines = Object.entries(expected).map(([name, value]) => `${name}=${word(value)}`);
  const { name, hash, facts, text } = script;
  return withText({ name, hash, facts }, [...lines, text].join('\n'));
}

/** A file of this folder without its comments: its commands, divided where `source` lines name libraries. */
interface Parts {
  readonly commands: readonly string[];
  /** The library after the commands of the same index. */
  readonly sources: readonly { readonly name: string; readonly parameter: string | undefined }[];
  /** Parameters that it declares. */
  readonly declared: readonly string[];
}

/** By file, since a plan renders the same few scripts again and again. */
const partsOfFiles = new Map<string, Parts>();

function partsOf(file: string): Parts {
  const known = partsOfFiles.get(file);
  if (known) return known;
  const text = withoutComments(readScript(file));
  const pieces = text.split(/^source "?(bash\/[\w-]+)(?:\$(\w+))?\.sh"?$/m);
  const parts = {
    commands: pieces.filter((_, index) => index % 3 === 0).map((lines) => lines.replace(/^\n|\n$/g, '')),
    sources: pieces.flatMap((name, index) => (index % 3 === 1 ? [{ name, parameter: pieces[index + 1] }] : [])),
    declared: [...text.matchAll(/^: "\$\{(\w+)(?:\[@\]-|:?\?)\}"/gm)].map(([, parameter = '']) => parameter),
  };
  partsOfFiles.set(file, parts);
  return parts;
}

/**
 * A script with its libraries: the commands, and the parameters that it declares. Each `source` line is replaced with its
 * library, at the first occurrence. A name that ends in a parameter (`source "bash/source-$source_kind.sh"`) selects one
 * of several libraries with the same functions.
 */
function withLibraries(file: string, parameters: Readonly<Record<string, Parameter>>) {
  const known = new Set<string>();
  const commands: string[] = [];
  const declared = new Set<string>();
  const add = (name: string): void => {
    if (known.has(name)) return;
    known.add(name);
    const parts = partsOf(name);
    for (const parameter of parts.declared) declared.add(parameter);
    for (const [index, lines] of parts.commands.entries()) {
      if (lines) commands.push(lines);
      const source = parts.sources[index];
      if (source) add(`${source.name}${source.parameter ? parameters[source.parameter] : ''}.sh`);
    }
  };
  add(file);
  return { body: commands.join('\n'), declared };
}

/**
 * A script without its comments, so that rewording one changes no digest that an operator has approved. It removes only
 * whole lines: no string or here-document of these scripts may have a line that begins with `#`.
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

function assertParameters(
  name: string,
  declared: ReadonlySet<string>,
  parameters: Readonly<Record<string, Parameter>>,
): void {
  const asked = [...declared].sort();
  const given = Object.keys(parameters).sort();
  if (asked.join() !== given.join()) {
    throw new Error(
      `script ${name} asks for ${asked.join(', ') || 'nothing'}, and is given ${given.join(', ') || 'nothing'}`,
    );
  }
}
