/**
 * Writes a value as one word of a POSIX shell, whatever it holds: the only way in which a value gets into a text that a
 * shell reads.
 *
 * Throws an error for a NUL character, which no shell and no argument of a program can hold.
 *
 * Source: POSIX, Shell Command Language, 2.2.2: single quotes keep every character but the single quote itself.
 */
export function quote(value: string): string {
  if (value.includes('\0')) {
    throw new Error(`a value for a shell must not hold a NUL character, got ${JSON.stringify(value)}`);
  }
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(value) && !value.startsWith('-') && !/^\w+=/.test(value)
    ? value
    : `'${value.replaceAll("'", `'\\''`)}'`;
}
