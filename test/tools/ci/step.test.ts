import { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test, vi } from 'vitest';
import { isRunning } from '../../../lab/test/process';
import { countTests, runStep, type Step } from '../../../tools/ci/step';

const folder = mkdtempSync(path.join(tmpdir(), 'lunward-step-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = path.join(folder, 'report.json');

test.each([
  ['all passed', { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 }, 0, [3, 0, 2]],
  ['some failed', { numPassedTests: 3, numFailedTests: 2, numPendingTests: 0, numTodoTests: 0 }, 1, [3, 2, 0]],
  [
    'a run that failed without a failed test',
    { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 },
    1,
    [3, 1, 0],
  ],
])('%s is counted', (_, content, code, [passed, failed, skipped]) => {
  writeFileSync(report, JSON.stringify(content));
  expect(countTests(report, code)).toEqual({ passed, failed, skipped });
});

test('failed tests are reported by name, and a file that could not run by its file name', () => {
  const tests = [
    { fullName: 'an app is moved', status: 'failed', failureMessages: ['AssertionError: no\n    at there'] },
    { fullName: 'and goes on', status: 'passed', failureMessages: [] },
  ];
  const counted = { numPassedTests: 1, numFailedTests: 1, numPendingTests: 4, numTodoTests: 0 };
  const testResults = [
    { name: '/lab/one.test.ts', status: 'failed', message: '', assertionResults: tests },
    { name: '/lab/two.test.ts', status: 'failed', message: 'Hook timed out', assertionResults: [] },
    { name: '/lab/three.test.ts', status: 'passed', message: '', assertionResults: [] },
  ];
  writeFileSync(report, JSON.stringify({ ...counted, testResults }));
  expect(countTests(report, 1)).toEqual({
    passed: 1,
    failed: 1,
    skipped: 4,
    failures: ['an app is moved: AssertionError: no\n    at there', 'two.test.ts: Hook timed out'],
  });
});

test('a run without a complete report has failed', () => {
  expect(countTests(path.join(folder, 'missing.json'), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  writeFileSync(report, '{ "numPassedTests": 3, "numFail');
  expect(countTests(report, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

const step = (minutes: number, script: string): Step => ({
  name: 'step',
  minutes,
  command: ['sh', '-c', script],
  count: (code) => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }),
});

test('a step that takes too long is killed with all its processes, and has failed', async () => {
  const file = path.join(folder, 'pid');
  const counts = await runStep(step(0.01, `sleep 600 & echo $! > ${file}; wait`), { deadline: Date.now() + 60_000 });
  expect(counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
  const pid = Number(readFileSync(file, 'utf8'));
  for (let tries = 0; isRunning(pid) && tries < 100; tries++) {
    await sleep(50);
  }
  expect(isRunning(pid)).toBe(false);
});

test('a process that can’t be killed does not delay the run or its end', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const unref = vi.spyOn(ChildProcess.prototype, 'unref');
  try {
    const counts = runStep(step(1, 'sleep 600'), { deadline: Date.now() + 60_000 });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(await counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
    // Otherwise Node waits for it before it ends.
    expect(unref).toHaveBeenCalled();
  } finally {
    const [group = 0] = kill.mock.calls[0] ?? [];
    vi.restoreAllMocks();
    vi.useRealTimers();
    if (group < 0) process.kill(group, 'SIGKILL');
  }
});

test('a step without remaining time is not run, and has failed', async () => {
  const file = path.join(folder, 'ran');
  const counts = await runStep(step(1, `touch ${file}`), { deadline: Date.now() - 1 });
  expect(counts).toMatchObject({ passed: 0, failed: 1, skipped: 0, notRun: expect.any(String) });
  expect(() => readFileSync(file)).toThrow();
});

test('a step that does not fit into the remaining time is skipped, if it may be', async () => {
  const file = path.join(folder, 'ran');
  const optional = { ...step(60, `touch ${file}`), usualMinutes: 2 };
  const counts = await runStep(optional, { deadline: Date.now() + 60_000 });
  expect(counts).toMatchObject({ passed: 0, failed: 0, skipped: 1, notRun: expect.any(String) });
  expect(() => readFileSync(file)).toThrow();
  expect(await runStep(optional, { deadline: Date.now() + 600_000, wanted: Date.now() + 60_000 })).toMatchObject({
    skipped: 1,
  });
  expect(() => readFileSync(file)).toThrow();
  expect(await runStep({ ...optional, usualMinutes: 0.5 }, { deadline: Date.now() + 60_000 })).toMatchObject({
    passed: 1,
  });
});

test('each test file of a skipped step counts as skipped', async () => {
  const files = ['one.test.ts', 'two.test.ts'];
  const counts = await runStep({ ...step(60, 'true'), usualMinutes: 2, files }, { deadline: Date.now() });
  expect(counts).toMatchObject({ passed: 0, failed: 0, skipped: 2 });
});

test('the output of a step, and messages about it, can be saved in a file', async () => {
  const output = path.join(folder, 'output');
  await runStep(step(1, 'echo said; echo complained >&2'), { deadline: Date.now() + 60_000 }, output);
  await runStep(step(1, 'true'), { deadline: Date.now() - 1 }, output);
  expect(readFileSync(output, 'utf8')).toMatch(/^said\ncomplained\nnot run: /);
});
