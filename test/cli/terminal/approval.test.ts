import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { approve } from '../../../lib/cli/terminal/approval';

const real = { stdin: process.stdin, stdout: process.stdout };
const terminal = () => Object.assign(new PassThrough(), { isTTY: true });
let keys: PassThrough;
beforeEach(() => {
  keys = terminal();
  Object.defineProperty(process, 'stdin', { value: keys, configurable: true });
  Object.defineProperty(process, 'stdout', { value: terminal().resume(), configurable: true });
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
  it('is approved by the word that it asks for', async () => {
    expect(await answered(() => keys.write('yes\r'))).toBe('approved');
  });

  it.each<[string, () => unknown]>([
    ['another word', () => keys.write('y\r')],
    ['Ctrl-C', () => keys.write('\x03')],
    ['Ctrl-D', () => keys.write('\x04')],
    ['a terminal that is closed', () => keys.end()],
  ])('is not approved by %s', async (_, type) => {
    expect(await answered(type)).toMatchObject({ name: 'UserError', message: expect.stringContaining('Not approved') });
  });
});
