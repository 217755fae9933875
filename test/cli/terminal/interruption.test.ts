import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { abortable } from '../../../lib/cli/terminal/interruption';

const exit = vi.fn();
beforeEach(() => {
  exit.mockReset();
  vi.spyOn(process, 'exit').mockImplementation(exit as never);
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

it.each<[NodeJS.Signals[], isAsked: boolean, exits: number]>([
  [[], false, 0],
  [['SIGINT'], true, 0],
  [['SIGINT', 'SIGINT'], true, 1],
  [['SIGTERM', 'SIGTERM'], true, 1],
  // A closed terminal: the kernel sends one, and the shell another.
  [['SIGHUP', 'SIGHUP'], true, 0],
  [['SIGINT', 'SIGHUP'], true, 0],
])('is asked by %j: %s, and ends the process at once: %s', async (signals, isAsked, exits) => {
  await abortable(async (aborted) => {
    for (const signal of signals) process.emit(signal, signal);
    expect(aborted.aborted).toBe(isAsked);
  });
  expect(exit).toHaveBeenCalledTimes(exits);
  const said = vi.mocked(console.error).mock.calls.flat().join('\n');
  expect(said.includes('may be DOWN. "lunward status"'), 'says how to see the state').toBe(exits > 0);
});
