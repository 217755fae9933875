/**
 * Writes any value as a string literal of the Common Expression Language. Values must enter expressions for the API
 * server only through this function. Every escape of JSON has the same meaning in CEL.
 *
 * Source: CEL, Language Definition, "String and Bytes Values".
 */
export function celString(value: string): string {
  return JSON.stringify(value);
}

/** Writes a list of values as a CEL list of string literals. */
export function celStrings(values: readonly string[]): string {
  return `[${values.map(celString).join(', ')}]`;
}
