import { describe, expect, it } from 'vitest';
import { DescriptionError, formatProblem, throwProblems, UserError } from '../../lib/core/problems';

describe('formatProblem', () => {
  it('shows path, expected value, found value and remedy', () => {
    const problem = { path: 'apps.a.lun', value: 256, expected: 'an integer from 0 to 255', remedy: 'ask a node' };
    expect(formatProblem(problem)).toBe('apps.a.lun: expected an integer from 0 to 255, got 256; ask a node');
  });

  it.each([
    ['nothing', undefined, 'found nothing'],
    ['null', null, 'got null'],
    ['a text', '1', 'got "1"'],
    ['an object', { a: 1 }, 'got {"a":1}'],
    ['a function', () => 1, 'got a function'],
    ['a symbol', Symbol('a'), 'got Symbol(a)'],
    ['a large number', 10n, 'got 10'],
    ['an object that holds itself', selfish(), 'got an object'],
    ['a long text, cut', 'x'.repeat(500), `got "${'x'.repeat(119)}…`],
  ])('shows %s', (_, value, shown) => {
    expect(formatProblem({ path: 'a', value, expected: 'b' })).toBe(`a: expected b, ${shown}`);
  });

  it.each(['apps.vpn.env.WIREGUARD_PRIVATE_KEY', 'apps.vpn.password', 'apps.vpn["api_key"]'])(
    'shows no value at %s',
    (path) => {
      expect(formatProblem({ path, value: 'hunter2', expected: 'nothing' })).toBe(
        `${path}: expected nothing, got a value that is not shown`,
      );
    },
  );

  it('has a message for the value as a whole', () => {
    expect(formatProblem({ path: '', value: 1, expected: 'an object' })).toBe('(all of it): expected an object, got 1');
  });
});

describe('throwProblems', () => {
  const problem = { path: 'a', value: 1, expected: 'b' };

  it('does nothing without problems', () => expect(() => throwProblems('It', [])).not.toThrow());

  it.each([
    [1, 'It has 1 problem:\n  a: expected b, got 1'],
    [2, 'It has 2 problems:\n  a: expected b, got 1\n  a: expected b, got 1'],
  ])('reports %i problems at once', (count, message) => {
    const problems = Array.from({ length: count }, () => problem);
    const error = caught(() => throwProblems('It', problems));
    expect(error).toBeInstanceOf(DescriptionError);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ name: 'DescriptionError', subject: 'It', problems, message });
    const advice = { code: 'description-problem', subject: 'a', found: '1', expected: 'b' };
    expect(error).toMatchObject({ advice: problems.map(() => advice) });
  });
});

function caught(call: () => void): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

function selfish(): object {
  const object: { self?: object } = {};
  object.self = object;
  return object;
}
