import { describe, expect, it } from 'vitest';
import { type Figure, figureText } from '../../bench/lab/figure';

const figure = (ours: readonly number[], peer: readonly number[], aim?: Figure['aim']): Figure => ({
  name: 'A copy',
  unit: 'MiB/s',
  ours: { name: 'lunward', values: ours },
  peer: { name: 'one pass of dd', values: peer },
  aim,
});

describe('a figure', () => {
  it('is printed with its comparison value, the ratio of the medians and its source', () => {
    expect(figureText(figure([18, 20, 19], [25, 19], { least: 0.9 }), true)).toBe(
      [
        'A copy',
        '  lunward         18.0 / 19.0 / 20.0 MiB/s',
        '  one pass of dd  19.0 / 22.0 / 25.0 MiB/s',
        '  ratio           0.86 (aim: at least 0.9, missed), emulated',
      ].join('\n'),
    );
  });

  it.each([
    { ours: 1.8, peer: 2, aim: { least: 0.9 }, expected: '0.90 (aim: at least 0.9)' },
    { ours: 105, peer: 100, aim: { most: 1.05 }, expected: '1.05 (aim: at most 1.05)' },
    { ours: 106, peer: 100, aim: { most: 1.05 }, expected: '1.06 (aim: at most 1.05, missed)' },
    { ours: 1, peer: 0, aim: { most: 1.05 }, expected: 'Infinity (aim: at most 1.05, missed)' },
    { ours: Number.NaN, peer: 1, aim: { least: 2 }, expected: 'NaN (aim: at least 2, missed)' },
    { ours: 3, peer: 2, expected: '1.50 (no aim)' },
  ])('$ours to $peer is $expected', ({ ours, peer, aim, expected }) => {
    expect(
      figureText(figure([ours], [peer], aim), false)
        .split('\n')
        .at(-1),
    ).toBe(`  ratio           ${expected}`);
  });
});
