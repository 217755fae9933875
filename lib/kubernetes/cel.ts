/**
 * Writes a value as a string literal of the Common Expression Language, whatever it holds: the only way in which a value gets into
 * an expression that an API server evaluates. Every escape of JSON means the same there.
 *
 * Source: CEL, Language Definition, "String and Bytes Values".
 */
export function celString(value: string): string {
  return JSON.stringify(value);
}

/** As `celString`, for a list. */
export function celStrings(values: readonly string[]): string {
  return `[${values.map(celString).join(', ')}]`;
}
