import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodes, exitCodesHelp } from '../../lib/cli/exit-codes';
import { UnreachableError, UserError } from '../../lib/core/problems';
import { Interrupted } from '../../lib/migration/cutover/interrupted';
import { lunward } from './command';

it.each([
  [new UserError('x'), 1],
  [new UserError('x', { category: 'usage' }), 2],
  [new UserError('x', { category: 'refused' }), 3],
  [new UnreachableError('x'), 4],
  [new TypeError('x'), 70],
  [new Interrupted('x'), 130],
])('exits with the code of the error’s category: %s', (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

it('has one code for each category', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

describe('lunward', () => {
  it.each([
    ['the command', ['--help']],
    ['a command', ['synth', '--help']],
  ])('lists the exit codes in the help of %s', (_, words) => {
    const { code, stdout } = lunward(words, __dirname);
    expect(code).toBe(0);
    expect(stdout).toContain(exitCodesHelp());
  });

  it.each([
    ['a missing argument', ['abort']],
    ['no command', []],
  ])('exits with 2 for %s', (_, words) => {
    expect(lunward(words, __dirname).code).toBe(2);
  });
});
