import { cpus, loadavg } from 'node:os';

/**
 * The benches named on the command line, in their own order; all of them if none is named. Prints what kind of machine
 * measures them.
 *
 * @throws Error for an unknown name
 */
export function chosenBenches<Bench>(benches: Readonly<Record<string, Bench>>): [string, Bench][] {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    throw new Error(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  }
  console.log(`Node ${process.version}, ${cpus().length} processors, load ${loadavg()[0]?.toFixed(1)} at the start.`);
  return Object.entries(benches).filter(([name]) => chosen.length === 0 || chosen.includes(name));
}
