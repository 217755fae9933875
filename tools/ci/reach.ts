import type { Changes } from './changes';
import type { ImportGraph } from './import-graph';
import type { Unit } from './units';

/** Files that no test of the lab runs or reads, unless its code names them. */
const OF_NO_EFFECT = [
  /^(docs|test|bench|tools|\.ci|\.github)\//,
  /\.md$/,
  /^(LICENSE|\.gitignore|biome\.json|\.dependency-cruiser\.cjs)$/,
];

/** Whether a change of this file may affect any test of the lab. */
function reachesAll(file: string, graph: ImportGraph): boolean {
  if (OF_NO_EFFECT.some((pattern) => pattern.test(file))) return false;
  // The lab itself: it starts machines by path, over sockets and from saved ones, which imports do not show.
  if (file.startsWith('lab/') && !file.startsWith('lab/test/')) return true;
  // Files that the graph does not know: package-lock.json, a configuration, a file that is gone.
  return !graph.has(file) || !/^(lib|lab)\//.test(file);
}

/**
 * The units that a change can reach, each with what reaches it, for the output. A file that nothing is known to use
 * reaches all of them: running too much is the smaller mistake.
 */
export function reachedBy(changes: Changes, units: readonly Unit[], graph: ImportGraph): ReadonlyMap<Unit, string> {
  const { files, base } = changes;
  const everything = (reason: string) => new Map(units.map((unit) => [unit, reason]));
  if (!files) return everything(base);
  const general = files.find((file) => reachesAll(file, graph));
  if (general) return everything(general);
  const closures = units.map((unit) => unit.files.map((file) => graph.closure(file)));
  const uses = (index: number, file: string) => closures[index]?.some((closure) => closure.has(file)) ?? false;
  const unused = files.find((file) => file.startsWith('lib/') && !units.some((_, index) => uses(index, file)));
  if (unused) return everything(unused);
  return new Map(
    units.flatMap((unit, index) => {
      // The unit's own file says more than another one that it uses.
      const file = files.find((one) => unit.files.includes(one)) ?? files.find((one) => uses(index, one));
      return file ? [[unit, file] as const] : [];
    }),
  );
}
