import { describe, expect, it, vi } from 'vitest';
import { eachApp } from '../../lib/cli/each-app';
import { UnreachableError, UserError } from '../../lib/core/problems';
import { ConflictError } from '../../lib/kubernetes/server-answer';

const places = ['a', 'b', 'c'].map((app) => ({ app }));
const fails = (app: string, error: Error) => async (place: { app: string }) => {
  if (place.app === app) throw error;
  return { seen: place.app };
};
const first = async ({ app }: { app: string }) => `first ${app}`;

describe('eachApp', () => {
  it('returns the result of every app, in order', async () => {
    const look = async ({ app }: { app: string }, before: string) => ({ before, app });
    expect(await eachApp(places, first, look)).toEqual(places.map(({ app }) => ({ before: `first ${app}`, app })));
  });

  it.each([
    ['what the user can mend', new UserError('mend it'), { category: 'trouble', code: 'trouble' }],
    ['a conflict', new ConflictError('it was changed'), { category: 'refused', code: 'conflict' }],
  ])('shows the other apps if one fails with %s', async (_, error, kind) => {
    const problem = expect.stringContaining(error.message);
    const expected = [{ seen: 'a' }, { app: 'b', problem, ...kind }, { seen: 'c' }];
    expect(await eachApp(places, first, fails('b', error))).toEqual(expected);
    expect(await eachApp(places, fails('b', error), fails('', error))).toEqual(expected);
  });

  it('fails once if all fail for the same reason, without checking further', async () => {
    const look = vi.fn();
    const off = async () => {
      throw new UnreachableError('it is off');
    };
    await expect(eachApp(places, off, look)).rejects.toMatchObject({ category: 'unreachable', message: 'it is off' });
    expect(look).not.toHaveBeenCalled();
  });

  it('reports each reason if they differ', async () => {
    const look = async ({ app }: { app: string }) => {
      throw new UserError(`not ${app}`);
    };
    expect(await eachApp(places, first, look)).toMatchObject(places.map(({ app }) => ({ app, problem: `not ${app}` })));
  });

  it('does not hide a bug in Lunward', async () => {
    await expect(eachApp(places, first, fails('b', new TypeError('x')))).rejects.toThrow(TypeError);
  });

  it('does nothing without apps', async () => {
    expect(await eachApp([], first, fails('', new Error()))).toEqual([]);
  });
});
