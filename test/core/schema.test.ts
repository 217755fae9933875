import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  flag,
  integer,
  kubernetes,
  listOf,
  mapOf,
  objectOf,
  oneOf,
  problemsOf,
  refinedObjectOf,
  text,
} from '../../lib/core/schema';

interface Disk {
  readonly lun: number;
  readonly name?: string;
}

const disk = objectOf<Disk>({ lun: integer(0, 255, 'ask a node'), name: text('a name').optional() });

describe('problemsOf', () => {
  it('finds nothing wrong with a valid value', () =>
    expect(problemsOf(disk, { lun: 0, name: undefined }, 'x')).toEqual([]));

  it('reports path, found value, expected value and remedy', () => {
    expect(problemsOf(disk, { lun: 256 }, 'apps.a')).toEqual([
      { path: 'apps.a.lun', value: 256, expected: 'an integer from 0 to 255', remedy: 'ask a node' },
    ]);
  });

  it('reports all problems at once, including unknown properties', () => {
    const paths = problemsOf(disk, { lun: '1', name: 2, lnu: 3, 'two words': 4 }, 'x').map(({ path }) => path);
    expect(paths).toEqual(['x.lun', 'x.name', 'x.lnu', 'x["two words"]']);
  });

  it('shows the value of an unknown property', () => {
    expect(problemsOf(disk, { lun: 1, lnu: 3 }, '')).toEqual([
      { path: 'lnu', value: 3, expected: 'no such property here', remedy: expect.stringContaining('spelling') },
    ]);
  });

  it('reports a missing property without a value', () => {
    expect(problemsOf(disk, {}, '')[0]).toMatchObject({ path: 'lun', value: undefined });
  });

  it.each([null, undefined, 1, 'a', []])('expects an object, not %j', (value) => {
    expect(problemsOf(disk, value, 'x')).toEqual([{ path: 'x', value, expected: 'an object' }]);
  });

  it('reports an invalid key of a map', () => {
    const map = mapOf(
      flag,
      text('a key in lower case', (key) => key === key.toLowerCase()),
    );
    expect(problemsOf(map, { A: true, b: 1 }, 'x')).toEqual([
      { path: 'x.A', value: 'A', expected: 'a key in lower case' },
      { path: 'x.b', value: 1, expected: 'true or false' },
    ]);
  });
});

describe('the helpers', () => {
  it.each([
    ['flag', flag, 'yes', 'true or false'],
    ['oneOf', oneOf(['a', 'b']), 'c', '"a" or "b"'],
    ['listOf', listOf(flag), {}, 'a list'],
    ['listOf one', listOf(flag, 1), [], 'a list of at least 1'],
    ['mapOf', mapOf(flag), [], 'an object'],
    ['integer, of a fraction', integer(0, 9), 1.5, 'an integer from 0 to 9'],
    ['integer, of NaN', integer(0, 9), Number.NaN, 'an integer from 0 to 9'],
    ['integer, below', integer(0, 9), -1, 'an integer from 0 to 9'],
    ['text, empty', text('a name'), '', 'a name'],
    ['kubernetes', kubernetes(), null, 'an object'],
  ])('%s', (_, schema, value, expected) => {
    expect(problemsOf(schema as z.ZodType, value, 'x')).toMatchObject([{ path: 'x', expected }]);
  });
});

describe('refinedObjectOf', () => {
  const pair = refinedObjectOf<Disk>({ lun: integer(0, 255), name: text('a name').optional() }, (value, context) => {
    if (value.name === undefined) {
      context.addIssue({ code: 'custom', path: ['name'], message: 'a name beside lun' });
    }
  });

  it('checks across properties even if some are invalid', () => {
    expect(problemsOf(pair, { lun: '1', x: 1 }, '').map(({ path }) => path)).toEqual(['lun', 'x', 'name']);
  });

  it('does not check the properties of a value that is no object', () => {
    expect(problemsOf(pair, 'a', 'x')).toEqual([{ path: 'x', value: 'a', expected: 'an object' }]);
  });
});

describe('a union', () => {
  const schema = z.union(
    [
      text('a word in lower case', (word) => /^[a-z]+$/.test(word)),
      objectOf({ path: text('a path'), port: integer(1, 9).optional() }),
      objectOf({ command: listOf(flag, 1) }),
    ],
    { error: 'a word, { path } or { command }' },
  );

  it.each([
    ['that came nearest by its properties', { path: 'a', port: 10 }, [['x.port', 'an integer from 1 to 9']]],
    ['with one slip rather than two', { command: ['a'] }, [['x.command[0]', 'true or false']]],
    ['that has the right type', 'ABC', [['x', 'a word in lower case']]],
  ])('reports the problems of the alternative %s', (_, value, problems) => {
    expect(problemsOf(schema, value, 'x').map(({ path, expected }) => [path, expected])).toEqual(problems);
  });

  it('lists all alternatives if none is close', () => {
    expect(problemsOf(schema, 5, 'x')).toEqual([{ path: 'x', value: 5, expected: 'a word, { path } or { command }' }]);
  });
});
