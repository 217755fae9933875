import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { abortable, beforeEnding } from '../../../lib/cli/terminal/interruption';

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
  // A session that ends.
  [['SIGHUP', 'SIGTERM'], true, 0],
  [['SIGTERM', 'SIGHUP'], true, 0],
  [['SIGHUP', 'SIGTERM', 'SIGTERM'], true, 1],
])('is asked by %j: %s, and ends the process at once: %s', async (signals, isAsked, exits) => {
  await abortable(async (aborted) => {
    for (const signal of signals) process.emit(signal, signal);
    expect(aborted.aborted).toBe(isAsked);
  });
  expect(exit).toHaveBeenCalledTimes(exits);
  const said = vi.mocked(console.error).mock.calls.flat().join('\n');
  expect(said.includes('may be DOWN. "lunward status"'), 'says how to see the state').toBe(exits > 0);
});

describe('a command that prints something before it ends', () => {
  const print = vi.fn();
  let undo: () => void;
  // Test files that ran before in the same process may listen, too.
  let others: number;
  const listeners = () => process.listenerCount('SIGTERM') - others;
  beforeEach(() => {
    print.mockReset();
    others = process.listenerCount('SIGTERM');
    undo = beforeEnding(print);
  });
  afterEach(() => undo());

  it('prints at the first signal, and exits with 130', () => {
    process.emit('SIGTERM', 'SIGTERM');
    expect(print.mock.calls).toEqual([[expect.objectContaining({ category: 'interrupted' })]]);
    expect(exit.mock.calls).toEqual([[130]]);
  });

  it('is only asked to stop by the first signal, while its work can be stopped', async () => {
    const before = listeners();
    await abortable(async (signal) => {
      process.emit('SIGTERM', 'SIGTERM');
      expect([signal.aborted, print.mock.calls, exit.mock.calls]).toEqual([true, [], []]);
      process.emit('SIGTERM', 'SIGTERM');
      expect(print.mock.calls).toEqual([[expect.objectContaining({ category: 'interrupted' })]]);
    });
    expect(listeners()).toBe(before);
    process.emit('SIGTERM', 'SIGTERM');
    expect(print).toHaveBeenCalledTimes(2);
  });

  it('no longer handles signals after that', async () => {
    undo();
    expect(listeners()).toBe(0);
    await abortable(async () => {});
    expect(listeners()).toBe(0);
  });
});
