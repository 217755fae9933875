import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { isTestFile, sourceFiles } from './source-files';

/** How the tests of a file, or another command, ended on certain sources. */
export interface Result {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly minutes: number;
  /** When it ended, in ISO 8601. */
  readonly when: string;
}

const FOLDERS = ['lib', 'lab', 'stacks', 'templates'];
const FILES = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.mts',
  'vitest.lab.config.mts',
];

/** A hash of everything that tests of the lab run on: the content of the working tree, committed or not. */
export function sourceHash(root: string): string {
  const hash = createHash('sha256');
  const helpers = sourceFiles(root, 'test').filter((file) => !isTestFile(file));
  const files = [...FOLDERS.flatMap((folder) => sourceFiles(root, folder)), ...helpers, ...FILES];
  for (const file of files.filter((one) => existsSync(path.join(root, one)))) {
    const place = path.join(root, file);
    const isExecutable = (statSync(place).mode & 0o111) !== 0;
    const content = createHash('sha256').update(readFileSync(place)).digest('hex');
    hash.update(`${file}\0${isExecutable}\0${content}\0`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Folder of the results: outside the checkout, so that another clone of the same sources resumes with them. */
export function resultsFolder(): string {
  // The XDG specification says to ignore a folder that is not absolute.
  const configured = process.env.XDG_CACHE_HOME;
  const cache = configured?.startsWith('/') ? configured : path.join(homedir(), '.cache');
  return path.join(cache, 'lunward', 'results');
}

/** Results on one state of the sources, one line of JSON each. */
export class Results {
  private readonly file: string;

  constructor(
    private readonly folder: string,
    readonly hash: string,
  ) {
    this.file = path.join(folder, `${hash}.jsonl`);
  }

  add(result: Result): void {
    mkdirSync(this.folder, { recursive: true });
    const isCutOff = !/(^|\n)$/.test(this.text());
    appendFileSync(this.file, `${isCutOff ? '\n' : ''}${JSON.stringify(result)}\n`);
  }

  /** The last result of each name. */
  latest(): ReadonlyMap<string, Result> {
    return new Map(
      this.text()
        .split('\n')
        .flatMap(resultIn)
        .map((result) => [result.name, result]),
    );
  }

  private text(): string {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
  }
}

/** A line is cut off if the process or the host ended while it was written: it has no result. */
function resultIn(line: string): Result[] {
  try {
    return [JSON.parse(line) as Result];
  } catch {
    return [];
  }
}

/** Whether tests passed and none failed. Tests that skipped themselves are in the table, for a person to judge. */
export function isPassing(result: Result | undefined): boolean {
  return result !== undefined && result.failed === 0 && result.passed > 0;
}

/** A Markdown table of results, with one row for each name. */
export function tableOf(names: readonly string[], results: ReadonlyMap<string, Result>): string {
  const rows = names.map((name) => {
    const result = results.get(name);
    if (!result) return `| ${name} | not run | | | | |`;
    const { passed, failed, skipped, minutes, when } = result;
    return `| ${name} | ${passed} | ${failed} | ${skipped} | ${minutes.toFixed(1)} | ${when} |`;
  });
  return ['| file | passed | failed | skipped | minutes | when |', '|---|---|---|---|---|---|', ...rows].join('\n');
}
