import path from 'node:path';
import { DEFAULT_MINUTES, GROUPS, MACHINE_MINUTES, REST } from './minutes';
import { isTestFile, sourceFiles } from './source-files';

/** Test files of the lab that one run of Vitest takes. */
export interface Unit {
  readonly name: string;
  /** Paths from the root of the checkout. */
  readonly files: readonly string[];
  /** Minutes that it usually takes. */
  readonly minutes: number;
  /** Whether it takes a lab of its own, with machines. */
  readonly onMachines: boolean;
}

const MACHINE_TESTS = 'lab/test/lab/';

/**
 * All test files of the lab: each that uses machines alone, the others in groups. Every file is in exactly one unit.
 */
export function labUnits(root: string): Unit[] {
  const files = sourceFiles(root, 'lab/test').filter(isTestFile);
  const grouped = new Set(Object.values(GROUPS).flatMap((group) => group.files));
  const rest = files.filter((file) => !file.startsWith(MACHINE_TESTS) && !grouped.has(file));
  const groups = Object.entries(GROUPS).map(([name, group]) => ({
    ...group,
    name,
    files: group.files.filter((file) => files.includes(file)),
  }));
  return [
    ...files.filter((file) => file.startsWith(MACHINE_TESTS)).map(onMachines),
    ...[...groups, { ...REST, files: rest }]
      .filter((group) => group.files.length > 0)
      .map((group) => ({ ...group, name: `without machines: ${group.name}`, onMachines: false })),
  ];
}

function onMachines(file: string): Unit {
  const name = path.posix.basename(file, '.test.ts');
  return { name, files: [file], minutes: MACHINE_MINUTES[name] ?? DEFAULT_MINUTES, onMachines: true };
}
