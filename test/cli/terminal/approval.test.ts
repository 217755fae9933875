import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runApproved } from '../../../lib/cli/run-approved';
import { approve } from '../../../lib/cli/terminal/approval';

const real = { stdin: process.stdin, stderr: process.stderr };
const terminal = () => Object.assign(new PassThrough(), { isTTY: true });
let keys: PassThrough;
beforeEach(() => {
  keys = terminal();
  Object.defineProperty(process, 'stdin', { value: keys, configurable: true });
  Object.defineProperty(process, 'stderr', { value: terminal().resume(), configurable: true });
});
afterEach(() => {
  for (const [name, value] of Object.entries(real)) Object.defineProperty(process, name, { value, configurable: true });
});

/** What comes of the question, where this is typed. */
async function answered(type: () => unknown) {
  const asked = approve(['0123'], [], 'lunward wipe app').then(
    () => 'approved',
    (error: Error) => error,
  );
  await setImmediate();
  type();
  return asked;
}

describe('a question', () => {
  it('is approved by typing the requested word', async () => {
    expect(await answered(() => keys.write('yes\r'))).toBe('approved');
  });

  it.each<[string, () => unknown]>([
    ['another word', () => keys.write('y\r')],
    ['Ctrl-C', () => keys.write('\x03')],
    ['Ctrl-D', () => keys.write('\x04')],
    ['a terminal that is closed', () => keys.end()],
  ])('is not approved by %s', async (_, type) => {
    expect(await answered(type)).toMatchObject({ code: 'not-approved' });
  });

  // With its output in a pipe the terminal sends Ctrl-C as a signal, not as a key.
  it.each(['SIGINT', 'SIGTERM'] as const)('ends with %s, before it is printed or while it waits', async (name) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const isAsked of [false, true]) {
      const ended = runApproved({ command: 'lunward migrate app', approved: [] }, async ({ approve: ask }) => {
        if (!isAsked) process.emit(name, name);
        const asked = (ask as (digests: readonly string[]) => Promise<void>)(['0123']);
        const later = setImmediate().then(() => isAsked && process.emit(name, name));
        await Promise.all([asked, later]);
      });
      await expect(ended).rejects.toMatchObject({ code: 'not-approved' });
    }
  });
});
