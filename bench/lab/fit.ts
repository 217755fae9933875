/** How long something took with this much data. */
export interface Sample {
  readonly mebibytes: number;
  readonly files: number;
  readonly seconds: number;
}

/** `seconds = constant + perMebibyte * mebibytes + perFile * files`. */
export interface Fit {
  readonly constant: number;
  readonly perMebibyte: number;
  readonly perFile: number;
}

/** Fits by least squares. */
export function leastSquares(samples: readonly Sample[]): Fit {
  const rows = samples.map(({ mebibytes, files, seconds }) => ({ terms: [1, mebibytes, files], seconds }));
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  const at = (terms: readonly number[], index: number) => terms[index] ?? 0;
  // The normal equations, each followed by its right-hand side.
  const equations = [0, 1, 2].map((row) => [
    ...[0, 1, 2].map((column) => sum(({ terms }) => at(terms, row) * at(terms, column))),
    sum(({ terms, seconds }) => at(terms, row) * seconds),
  ]);
  const [constant = Number.NaN, perMebibyte = Number.NaN, perFile = Number.NaN] = solved(equations);
  return { constant, perMebibyte, perFile };
}

/** Solves by elimination, with the largest pivot first. Gives NaN if the equations do not determine a solution. */
function solved(equations: readonly (readonly number[])[]): number[] {
  const rows = equations.map((row) => [...row]);
  for (let column = 0; column < rows.length; column += 1) {
    const below = rows.slice(column).sort((one, other) => Math.abs(other[column] ?? 0) - Math.abs(one[column] ?? 0));
    rows.splice(column, below.length, ...below);
    const pivot = rows[column] ?? [];
    for (const [index, row] of rows.entries()) {
      if (index === column) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 0);
      rows[index] = row.map((value, place) => value - factor * (pivot[place] ?? 0));
    }
  }
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? 0));
}
