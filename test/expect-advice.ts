import { expect } from 'vitest';
import { type Advice, adviceSentence } from '../lib/core/advice';
import type { AdviceCode } from '../lib/core/advice-codes';

/** What is expected of an advice: its code, what it is about, and the facts that its words give, in their order. */
export type Told = readonly [code: AdviceCode, subject: string, ...facts: readonly (string | number)[]];

/** Expects these and no others, in this order. How their facts are worded is for the tests of views. */
export function expectAdvice(found: readonly Advice[] = [], expected: readonly Told[]): void {
  expect(found.map(({ code, subject }) => [code, subject])).toEqual(expected.map(([code, subject]) => [code, subject]));
  for (const [index, [, , ...facts]] of expected.entries())
    expect(adviceSentence({ ...(found[index] as Advice), subject: '' })).toMatch(inOrder(facts));
}

function inOrder(facts: readonly (string | number)[]): RegExp {
  const words = facts.map((fact) => String(fact).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(words.map((word) => `(?<!\\w)${word}(?!\\w)`).join('.*'), 's');
}
