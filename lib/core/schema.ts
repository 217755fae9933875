import { z } from 'zod';
import { at } from './paths';
import type { Problem } from './problems';

/** One schema for each property of an interface. All are required, so interface and schema cannot drift apart. */
export type Shape<T> = { [Key in keyof Required<T>]: z.ZodType<T[Key]> };

/** An object with exactly these properties. An unknown property is probably a typing error, so it is refused. */
export function objectOf<T>(shape: Shape<T>): z.ZodType<T> {
  return z.strictObject(shape as Shape<T> & z.core.$ZodLooseShape, { error: 'an object' }) as unknown as z.ZodType<T>;
}

/**
 * Like `objectOf`, with a check across properties. The check also runs if single properties are wrong, so the values it
 * reads can have any type.
 */
export function refinedObjectOf<T>(
  shape: Shape<T>,
  refine: (value: T, context: z.RefinementCtx<T>) => void,
): z.ZodType<T> {
  const when = ({ value }: { value: unknown }) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return objectOf<T>(shape).superRefine(refine, { when });
}

/**
 * A string that passes `test`. `expected` is a noun phrase; add a remedy after a semicolon if one is needed. Default:
 * any string but the empty one.
 */
export function text(expected: string, test: (value: string) => boolean = (value) => value !== ''): z.ZodType<string> {
  return z.string({ error: expected }).refine(test, { error: expected });
}

/** An integer from `least` to `most`, both included. */
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

/** An object that is used as a map. Default for keys: any text but the empty one. */
export function mapOf<T>(value: z.ZodType<T>, key: z.ZodType<string> = text('a name')): z.ZodType<Record<string, T>> {
  return z.record(key as z.ZodType<string, string>, value, { error: 'an object' });
}

/**
 * An object of one of Kubernetes' own types. The compiler and the API server check its content; this schema does not.
 */
export function kubernetes<T extends object>(expected = 'an object'): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === 'object' && value !== null, { error: expected });
}

/** Lists every problem of `value`. The problems' paths start with `path`. */
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

/** Reports only the alternative of a union that the value comes closest to: the user can act on these problems. */
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
