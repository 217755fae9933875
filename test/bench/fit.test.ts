import { describe, expect, it } from 'vitest';
import { leastSquares, type Sample } from '../../bench/lab/fit';

const POINTS = [
  [100, 600],
  [400, 600],
  [100, 5000],
  [200, 2000],
] as const;
const samples = (seconds: (mebibytes: number, files: number) => number): Sample[] =>
  POINTS.map(([mebibytes, files]) => ({ mebibytes, files, seconds: seconds(mebibytes, files) }));

describe('a fit', () => {
  it('finds the coefficients that the samples were made from', () => {
    const { constant, perMebibyte, perFile } = leastSquares(
      samples((mebibytes, files) => 7 + 0.05 * mebibytes + 0.002 * files),
    );
    expect(constant).toBeCloseTo(7);
    expect(perMebibyte).toBeCloseTo(0.05);
    expect(perFile).toBeCloseTo(0.002);
  });

  it('is between samples that do not agree', () => {
    const found = leastSquares([...samples(() => 4), ...samples(() => 6)]);
    expect(found.constant).toBeCloseTo(5);
    expect(found.perMebibyte).toBeCloseTo(0);
  });

  it('does not exist for identical samples', () => {
    const { perMebibyte } = leastSquares(samples(() => 1).map((sample) => ({ ...sample, mebibytes: 0 })));
    expect(perMebibyte).toBeNaN();
  });
});
