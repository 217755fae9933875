import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/problems';

/** A line in a user's file. */
interface Place {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
}

/** Folder of this library: lib or build. */
const ownFolder = path.join(__dirname, '..');

/** Makes an error from a failed load of a description: file, line and problem. It never contains a stack trace. */
export function descriptionError(error: unknown, file: string): UserError {
  if (error instanceof UserError) return error;
  return new UserError(messageOf(error, file), { cause: error, category: 'usage', code: 'description-invalid' });
}

function messageOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `${file}: it throws ${JSON.stringify(error) ?? String(error)}`;
  // `npm install --global` makes another copy of this library, whose classes differ from these.
  if (error.name === 'DescriptionError' || error.name === 'UserError') return error.message;
  return missingModule(error, file) ?? unreadable(error, file) ?? thrown(error, file);
}

function missingModule(error: NodeJS.ErrnoException, description: string): string | undefined {
  if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const [, name, importer] =
    /^Cannot find (?:module|package) '([^']+)'(?: imported from (.+))?/.exec(error.message) ?? [];
  const { requireStack } = error as { readonly requireStack?: readonly string[] };
  const file = importer ?? requireStack?.[0] ?? description;
  if (name === undefined) return `${file}: ${firstLine(error.message)}`;
  const remedy = /^[./]/.test(name)
    ? 'expected a file of this name there'
    : 'expected an installed package: `npm install` installs those of package.json';
  return `${shown({ file, line: lineOf(file, name) })}: it imports "${name}", which is not found; ${remedy}`;
}

function lineOf(file: string, imported: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const index = lines.findIndex((line) => line.includes(`'${imported}'`) || line.includes(`"${imported}"`));
  return index < 0 ? undefined : index + 1;
}

/** Reads jiti's message: `ParseError: what \n file:line:column`. */
function unreadable({ name, message }: Error, description: string): string | undefined {
  const [, what, file, line] = /^ParseError: (.*?)\s*\n\s*(.+):(\d+):\d+\s*$/s.exec(message) ?? [];
  if (file) return `${shown({ file, line: Number(line) })}: it can't be read as TypeScript: ${what}`;
  // For JSON, the message itself names the file.
  return message.startsWith('ParseError:') || name === 'SyntaxError'
    ? `${description}: a file can't be read: ${firstLine(message)}`
    : undefined;
}

function thrown(error: Error, description: string): string {
  const frames = placesOf(error.stack ?? '');
  const [first] = frames;
  const own = frames.find(({ file }) => !isOthers(file)) ?? { file: description };
  const where = first && first !== own ? ` (in ${shown(first)})` : '';
  return `${shown(own)}: ${plainly(error)}${where}`;
}

// A missing export of a module is only noticed when it is called.
function plainly({ name, message }: Error): string {
  const [, called] = /^\(0 ?, [\w$]+\.([\w$]+)\) is not a function$/.exec(message) ?? [];
  return called === undefined
    ? `${name}: ${message}`
    : `"${called}" is not a function: expected the module that it is imported from to export it`;
}

/** Returns the places in a stack trace, the innermost first. Node and the loader are left out. */
function placesOf(stack: string): Place[] {
  return stack.split('\n').flatMap((line): Place[] => {
    const [, file, number] = /^ +at (?:.*\()?(?:async )?(?:file:\/\/)?(\/[^()]*):(\d+):\d+\)?$/.exec(line) ?? [];
    return file && !file.includes('/node_modules/jiti/') ? [{ file, line: Number(number) }] : [];
  });
}

const isOthers = (file: string) => file.includes('/node_modules/') || file.startsWith(`${ownFolder}/`);

const shown = ({ file, line }: Place) => (line === undefined ? file : `${file}:${line}`);

const firstLine = (text: string) => text.split('\n', 1)[0];
