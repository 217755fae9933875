import { z } from 'zod';
import { at } from './paths';
import type { Problem } from './problems';

/** The schemas of an interface's properties: every one must be there, so that interface and schema can't drift apart. */
export type Shape<T> = { [Key in keyof Required<T>]: z.ZodType<T[Key]> };

/** An object of just these properties. A property that is not known is a slip of the keyboard and is refused. */
export function objectOf<T>(shape: Shape<T>): z.ZodType<T> {
  return z.strictObject(shape as Shape<T> & z.core.$ZodLooseShape, { error: 'an object' }) as unknown as z.ZodType<T>;
}

/** The same with a check across properties, which runs beside slips in them: what it reads may be of any type. */
export function refinedObjectOf<T>(
  shape: Shape<T>,
  refine: (value: T, context: z.RefinementCtx<T>) => void,
): z.ZodType<T> {
  const when = ({ value }: { value: unknown }) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return objectOf<T>(shape).superRefine(refine, { when });
}

/** A string that passes `test`. `expected` is a noun phrase, with a remedy behind a semicolon where one is needed. */
export function text(expected: string, test: (value: string) => boolean = (value) => value !== ''): z.ZodType<string> {
  return z.string({ error: expected }).refine(test, { error: expected });
}

/** An integer from `least` to `most`. */
export function integer(least: number, most: number, remedy?: string): z.ZodType<number> {
  const error = `an integer from ${least} to ${most}${remedy ? `; ${remedy}` : ''}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

/** `true` or `false`. */
export const flag: z.ZodType<boolean> = z.boolean({ error: 'true or false' });

/** One of these words. */
export function oneOf<const T extends string>(words: readonly T[]): z.ZodType<T> {
  return z.enum(words as readonly [T, ...T[]], { error: words.map((word) => `"${word}"`).join(' or ') });
}

/** A list of at least `least` items. */
export function listOf<T>(item: z.ZodType<T>, least = 0): z.ZodType<readonly T[]> {
  const error = least === 0 ? 'a list' : `a list of at least ${least}`;
  return z.array(item, { error }).min(least, { error });
}

/** An object used as a map. */
export function mapOf<T>(value: z.ZodType<T>, key: z.ZodType<string> = text('a name')): z.ZodType<Record<string, T>> {
  return z.record(key as z.ZodType<string, string>, value, { error: 'an object' });
}

/** Whatever Kubernetes' own types say: checked by the compiler and by the API server, not here. */
export function kubernetes<T extends object>(expected = 'an object'): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === 'object' && value !== null, { error: expected });
}

/** Every problem of `value`, its path below `path`. */
export function problemsOf(schema: z.ZodType, value: unknown, path: string): Problem[] {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? [] : result.error.issues.flatMap((issue) => toProblems(issue, value, path));
}

function toProblems(issue: z.core.$ZodIssue, root: unknown, path: string): Problem[] {
  const where = at(path, ...issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: at(where, key),
      value: (valueAt(root, issue.path) as Record<string, unknown>)[key],
      expected: 'no such property here',
      remedy: 'check its spelling and the documentation of this kind',
    }));
  }
  if (issue.code === 'invalid_union') {
    return nearestUnionProblems(issue, root, path, where);
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => ({ path: where, value: issue.path.at(-1), ...split(inner.message) }));
  }
  return [{ path: where, value: valueAt(root, issue.path), ...split(issue.message) }];
}

/** Of a union's alternatives, the one that the value came nearest to: its problems are those that the user can act on. */
function nearestUnionProblems(
  issue: z.core.$ZodIssueInvalidUnion,
  root: unknown,
  path: string,
  where: string,
): Problem[] {
  const value = valueAt(root, issue.path);
  const inside = issue.errors.filter((issues) => issues.every((inner) => inner.path.length > 0 || isKeyIssue(inner)));
  const nearest = [...inside].sort((left, right) => left.length - right.length)[0];
  if (!nearest) {
    return [{ path: where, value, ...split(issue.message) }];
  }
  return nearest.flatMap((inner) =>
    toProblems({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, root, path),
  );
}

function isKeyIssue(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'unrecognized_keys';
}

function split(message: string): Pick<Problem, 'expected' | 'remedy'> {
  const end = message.indexOf('; ');
  return end < 0 ? { expected: message } : { expected: message.slice(0, end), remedy: message.slice(end + 2) };
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);
}
