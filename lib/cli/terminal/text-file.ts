import { accessSync, constants, existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../../cluster/write-whole';
import { UserError } from '../../core/problems';

/**
 * The text of a user's file, with its byte order mark and line breaks unchanged.
 *
 * @returns nothing where there is no such file
 * @throws UserError for what is no file, or whose bytes would not be the same when the text is written back
 */
export function readText(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) {
    if (!lstatSync(file, { throwIfNoEntry: false })) return undefined;
    throw new UserError(
      `${file} is a link whose target does not exist: create the target, or remove the link. Nothing was changed`,
      { category: 'usage', code: 'file-unusable' },
    );
  }
  if (!stat.isFile()) {
    throw new UserError(`${file} is ${stat.isDirectory() ? 'a folder' : 'no file'}: name a file. Nothing was changed`, {
      category: 'usage',
      code: 'file-unusable',
    });
  }
  const bytes = readFileSync(file);
  const text = bytes.toString();
  if (Buffer.from(text).equals(bytes)) return text;
  throw new UserError(
    `${file} is not UTF-8, and its bytes could not be preserved: convert it to UTF-8. Nothing was changed`,
    { category: 'usage', code: 'file-unusable' },
  );
}

/**
 * Writes a text file of the user, as `writeWhole` does. A file that is not there is made.
 *
 * @throws UserError where there is no folder for it
 */
export function writeText(file: string, text: string): void {
  const isThere = existsSync(file);
  if (!isThere && !existsSync(path.dirname(file))) {
    throw new UserError(`There is no folder ${path.dirname(file)} for ${file}: make it first. Nothing was changed`, {
      category: 'usage',
      code: 'file-unusable',
    });
  }
  // A file that may not be written would be replaced all the same.
  if (isThere) accessSync(file, constants.W_OK);
  writeWhole(file, text);
}
