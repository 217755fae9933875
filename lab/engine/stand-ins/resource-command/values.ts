/** Property values as the engine sends them: plain JSON with marks for what JSON has no word for. */

export type Values = Record<string, unknown>;

const MARK = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

export const unknown: unknown = UNKNOWN;

export function secret(value: unknown): unknown {
  return isSecret(value) || value === undefined ? value : { [MARK]: SECRET, value };
}

/** Without the marks of secrets, at any depth: for use, never to be returned to the engine. */
export function reveal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  if (isSecret(value)) return reveal(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
}

/** Changes what a mark of a secret wraps, and keeps the mark. */
export function within(value: unknown, change: (inner: unknown) => unknown): unknown {
  return isSecret(value) ? secret(change(value.value)) : change(value);
}

/** Equal in what they say; whether it is secret makes no difference. */
export function isEqual(left: unknown, right: unknown): boolean {
  return canonical(reveal(left)) === canonical(reveal(right));
}

export function isUnknown(value: unknown): boolean {
  return reveal(value) === UNKNOWN;
}

export function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSecret(value: unknown): value is { value: unknown } {
  return isObject(value) && value[MARK] === SECRET;
}

function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, property]) => property !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
}
