/**
 * Measures in turn, A B B A: machines that become slower meanwhile affect all equally.
 *
 * @returns the results of each measure, in its order
 */
export async function inTurn<Name extends string, Measured>(
  measures: Readonly<Record<Name, () => Promise<Measured>>>,
  runs: number,
): Promise<Record<Name, Measured[]>> {
  const names = Object.keys(measures) as Name[];
  const result = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<Name, Measured[]>;
  for (let run = 0; run < runs; run += 1) {
    for (const name of run % 2 === 0 ? names : [...names].reverse()) result[name].push(await measures[name]());
  }
  return result;
}
