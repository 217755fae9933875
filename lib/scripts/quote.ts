/**
 * Quotes any value as one word of a POSIX shell. No value reaches the text of a shell in any other way.
 *
 * Source: POSIX, Shell Command Language, 2.2.2: single quotes preserve every character except the single quote itself.
 *
 * @throws Error for a NUL character, which neither a shell nor a program's argument can contain
 */
export function quote(value: string): string {
  if (value.includes('\0')) {
    throw new Error(`a value for a shell must not hold a NUL character, got ${JSON.stringify(value)}`);
  }
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(value) && !value.startsWith('-') && !/^\w+=/.test(value)
    ? value
    : `'${value.replaceAll("'", `'\\''`)}'`;
}
