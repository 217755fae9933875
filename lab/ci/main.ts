/** What `.ci/run` does once packages are installed: each step by itself, then one line that counts. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { inLanes } from './lanes';
import { type Counts, countTests, type Limits, runStep, type Step } from './step';

// The whole must end by itself before anybody ends it: a run that is killed counts nothing.
const endMinutes = 84;
/** When what may be left out is to have ended. */
const coldMinutes = 77;
/** The same, where nothing had to be built first. */
const warmMinutes = 58;

const results = mkdtempSync(path.join(tmpdir(), 'lunward-ci-'));

/** Vitest, with its results in a file too. */
function vitest(name: string, minutes: number, ...command: readonly string[]): Step {
  const file = path.join(results, `${name.replace(/\W+/g, '-')}.json`);
  return {
    name,
    minutes,
    command: [...command, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    count: (code) => countTests(file, code),
  };
}

/** A command that passes or fails as a whole. */
function single(name: string, minutes: number, ...command: readonly string[]): Step {
  return {
    name,
    minutes,
    command,
    count: (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }),
  };
}

/**
 * How long files of tests on machines take, in minutes on two cores with another one beside it: those that are run first.
 */
const longMinutes: Readonly<Record<string, number>> = { 'meddled-with': 22, 'cut-over': 15, killed: 13 };

/** The same of those that are run behind them. */
const firstMinutes: Readonly<Record<string, number>> = {
  'final-copy': 7,
  'calibre-web': 7,
  verify: 7,
  resize: 5,
  'lun-source': 4,
  'by-hand': 3,
  users: 2,
};

/** The same of those that take turns, for all of them do not fit into one run: a commit decides which come first. */
const inTurnMinutes: Readonly<Record<string, number>> = {
  // The rehearsal moves the same apps.
  arr: 25,
  large: 13,
  prepare: 11,
  copy: 10,
  interrupted: 8,
  'format-lun': 5.5,
  refused: 5,
  nodes: 4.5,
  plan: 4,
  probes: 2.5,
  'wipe-lun': 2,
  nas: 3.5,
  apps: 7,
  snapshot: 5,
  faults: 6,
  isolation: 1.5,
  command: 1.5,
  rehearse: 2,
};

function onMachines(usualMinutes: Readonly<Record<string, number>>): Step[] {
  return Object.entries(usualMinutes).map(([name, minutes]) => ({
    ...vitest(`lab tests: ${name}`, 45, ...LAB_TESTS, `lab/test/lab/${name}.test.ts`),
    usualMinutes: minutes,
  }));
}

/** Steps in the order that the commit decides. */
function inTurn(turns: readonly Step[]): Step[] {
  const commit = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).stdout ?? '';
  const rank = ({ name }: Step) => createHash('sha256').update(`${commit}${name}`).digest('hex');
  return [...turns].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

/** Whoever adds a file of tests says here when it is run. */
function assertAllKnown(): void {
  const files = readdirSync(path.join(__dirname, '..', 'test', 'lab'));
  const unknown = files
    .flatMap((file) => /^(.*)\.test\.ts$/.exec(file)?.[1] ?? [])
    .filter((name) => !(name in { ...longMinutes, ...firstMinutes, ...inTurnMinutes }));
  if (unknown.length > 0) throw new Error(`lab/ci/main.ts does not say when ${unknown.join(', ')} is run`);
}

// What `npm run test:lab` does behind its build.
const LAB_TESTS = ['npx', 'vitest', 'run', '--config', 'vitest.lab.config.mts'];
const TWO_AT_A_TIME = ['--fileParallelism', '--maxWorkers', '2'];
/** What a move needs of a control plane and of Pulumi's engine. */
const MOVES = [
  'lab/test/pulumi/cut-over.test.ts',
  'lab/test/pulumi/retire.test.ts',
  'lab/test/control-plane/fence.test.ts',
  'lab/test/control-plane/journal.test.ts',
  'lab/test/control-plane/cluster-client.test.ts',
];
const NOT_THE_REST = ['lab/test/lab/**', 'lab/test/pulumi/nodes.test.ts', ...MOVES].flatMap((file) => [
  '--exclude',
  file,
]);

/** Control planes and engines of their own, each on ports of its own. */
function withoutMachines(name: string, usualMinutes: number, ...files: readonly string[]): Step {
  return {
    ...vitest(`lab tests without machines: ${name}`, 30, ...LAB_TESTS, ...TWO_AT_A_TIME, ...files),
    usualMinutes,
  };
}

/** Steps that first make what is not there yet, and minutes that they do not take where all is there. */
const makers: Readonly<Record<string, number>> = { 'npm run engine': 1, 'the machines': 1 };

/** One behind the other: each wants all of the machine, or what the one before has made. */
const inARow: readonly Step[] = [
  single('shell checks', 5, 'bash', 'lab/ci/shell-checks.sh'),
  vitest('npm test', 10, 'npm', 'test', '--'),
  single('npm run build', 3, 'npm', 'run', 'build'),
  single('npm run synth', 3, 'npm', 'run', 'synth'),
  single('npm run engine', 50, 'npm', 'run', 'engine'),
  single('the machines', 20, 'bash', '-c', 'npm run lab -- --name ci up && npm run lab -- --name ci down'),
];

/** Each has a lab, or control planes, of its own. */
const sideBySide: readonly Step[] = [
  { ...single('npm run rehearse', 65, 'npm', 'run', 'rehearse'), usualMinutes: 25 },
  ...onMachines(longMinutes),
  withoutMachines('moves', 8, ...MOVES),
  ...onMachines(firstMinutes),
  ...inTurn([
    withoutMachines('the rest', 8, ...NOT_THE_REST),
    withoutMachines('nodes of the shared stack', 1, 'lab/test/pulumi/nodes.test.ts'),
    ...onMachines(inTurnMinutes),
  ]),
];

/** What two labs at once and all else take. */
const TWO_LABS_BYTES = 13 * 1024 ** 3;

/**
 * A lab waits for its machines for a part of the time, so two of them end sooner than one behind the other; a third of anything
 * beside them takes from both what it gets. With less than two processors or too little memory they would only be in each other's
 * way.
 */
const lanes = availableParallelism() >= 2 && freemem() >= TWO_LABS_BYTES ? 2 : 1;

interface Ran {
  readonly step: Step;
  readonly counts: Counts;
  readonly minutes: number;
}

/** @param output a file for what it says, which is told once the step has ended. Default: it is told at once */
async function ran(step: Step, limits: Limits, output?: string): Promise<Ran> {
  const began = Date.now();
  if (!output) console.log(`\n=== ${step.name}`);
  const counts = await runStep(step, limits, output);
  if (output) console.log(`\n=== ${step.name}\n${readFileSync(output, 'utf8')}`);
  return { step, counts, minutes: (Date.now() - began) / 60_000 };
}

async function main(): Promise<void> {
  assertAllKnown();
  const start = Date.now();
  const deadline = start + endMinutes * 60_000;
  const all: Ran[] = [];
  for (const step of inARow) all.push(await ran(step, { deadline }));
  const isCold = all.some(({ step, minutes }) => minutes > (makers[step.name] ?? Number.POSITIVE_INFINITY));
  const wanted = start + (isCold ? coldMinutes : warmMinutes) * 60_000;
  all.push(
    ...(await inLanes(sideBySide, lanes, (step) => {
      const output = lanes > 1 ? path.join(results, `${step.name.replace(/\W+/g, '-')}.log`) : undefined;
      return ran(step, { deadline, wanted }, output);
    })),
  );
  // At the end, where whoever reads it begins.
  for (const { step, counts } of all) {
    for (const failure of counts.failures ?? []) console.log(`\n=== failed in ${step.name}: ${failure}`);
  }
  console.log('\n=== summary');
  for (const { step, counts, minutes } of all) {
    console.log(
      `${step.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${minutes.toFixed(1)} min`,
    );
  }
  const sum = (key: 'passed' | 'failed' | 'skipped') => all.reduce((total, { counts }) => total + counts[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  process.exitCode = sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
  rmSync(results, { recursive: true, force: true });
}

main().catch((error: Error) => {
  console.error(error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
});
