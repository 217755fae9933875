import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A program to measure. */
export interface Program {
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** What one run took, in seconds: the program and every process that it waited for. */
export interface Figures {
  readonly wall: number;
  readonly processor: number;
  /** Of the largest Node.js process, in MiB. */
  readonly memory: number;
}

const build = path.join(__dirname, 'build');

/** A compiled program of `workers/`. */
export function worker(name: string, ...args: readonly string[]): Program {
  return { command: [process.execPath, path.join(build, `${name}.js`), ...args] };
}

/**
 * Runs programs in turn, A B B A: a machine that becomes slower meanwhile affects both equally. A first run of each,
 * which fills caches, does not count.
 */
export function compare<Name extends string>(
  programs: Readonly<Record<Name, Program>>,
  runs: number,
): Record<Name, Figures[]> {
  const names = Object.keys(programs) as Name[];
  for (const name of names) measure(programs[name]);
  const result = Object.fromEntries(names.map((name) => [name, [] as Figures[]])) as Record<Name, Figures[]>;
  for (let run = 0; run < runs; run += 1) {
    for (const name of run % 2 === 0 ? names : [...names].reverse()) result[name].push(measure(programs[name]));
  }
  return result;
}

function measure({ command, cwd, env }: Program): Figures {
  const folder = mkdtempSync(path.join(tmpdir(), 'lunward-bench-'));
  try {
    const times = path.join(folder, 'times');
    const { status, stdout, stderr } = spawnSync('bash', [path.join(__dirname, 'time.sh'), times, ...command], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: {
        ...process.env,
        ...env,
        BENCH_MEMORY: folder,
        NODE_OPTIONS: `--require ${path.join(build, 'report.js')}`,
      },
    });
    if (status !== 0) {
      throw new Error(`${command.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
    }
    const [wall = 0, user = 0, system = 0] = readFileSync(times, 'utf8').trim().split(' ').map(Number);
    return { wall, processor: user + system, memory: largest(folder) / 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function largest(folder: string): number {
  const reports = readdirSync(folder).filter((name) => /^\d+$/.test(name));
  return Math.max(0, ...reports.map((name) => Number(readFileSync(path.join(folder, name), 'utf8'))));
}
