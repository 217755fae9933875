/**
 * Selects items by name, by file name without its extension (`copy`), or by folder (`lab/test/pulumi`), and keeps their
 * order. Selects all if nothing is asked for.
 *
 * @throws Error with the names that match nothing
 */
export function namedOf<Item extends { readonly name: string }>(
  items: readonly Item[],
  asked: readonly string[],
): Item[] {
  if (asked.length === 0) return [...items];
  const matches = ({ name }: Item, word: string) =>
    name === word || name.endsWith(`/${word}.test.ts`) || name.startsWith(`${word.replace(/\/$/, '')}/`);
  const unknown = asked.filter((word) => !items.some((item) => matches(item, word)));
  if (unknown.length > 0) {
    throw new Error(
      `no tests are named ${unknown.map((word) => `"${word}"`).join(', ')}: expected a test file such as "copy", a folder such as ` +
        `"lab/test/pulumi", or one of\n  ${items.map(({ name }) => name).join('\n  ')}`,
    );
  }
  return items.filter((item) => asked.some((word) => matches(item, word)));
}
