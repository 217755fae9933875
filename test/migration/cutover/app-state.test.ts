import { describe, expect, it } from 'vitest';
import { UnreachableError, UserError } from '../../../lib/core/problems';
import { ConflictError, RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { LeaseLost } from '../../../lib/kubernetes/lease-lost';
import { stateOf, stateText, withState } from '../../../lib/migration/cutover/app-state';
import type { Workload } from '../../../lib/owners/owner';
import { untyped } from '../../helpers';
import { volume } from '../model-world';

const claims = { '/config': 'config-2' };
const site = (workload: () => Promise<Workload>) => ({ owner: untyped<never>({ workload }) });
const running = site(async () => ({ replicas: 1, ready: 1, claims }));

/** A change of the app that is under way. */
const moving = (phase: string, live: object = {}) => ({
  ...running,
  app: 'app',
  journal: untyped<never>({ cutover: { phase }, live, latest: () => undefined }),
});

describe('the state of an app', () => {
  it.each<[Workload, RegExp]>([
    [{ replicas: 0, ready: 0, claims }, /^It is DOWN: .*0 replicas on config-2$/],
    [{ replicas: 1, ready: 0, claims }, /^It is DOWN: .*1 replica on config-2, and no pod is Ready$/],
    [{ replicas: 1, ready: 1, claims }, /^It runs: .*on config-2/],
    [{ replicas: 1, ready: 1, claims: {} }, /no claim at \/config/],
  ])('of %j', (workload, text) => {
    expect(stateText(workload, [volume])).toMatch(text);
  });

  it('is never reported as down if it could not be read', async () => {
    const off = site(async () => Promise.reject(new UserError('the description can not be loaded')));
    const text = await stateOf(off, [volume]);
    expect(text).toContain('the description can not be loaded');
    expect(text).not.toContain('DOWN');
  });

  it.each([
    ['an error for a person', new UserError('it broke'), UserError],
    ['what could not be asked', new UnreachableError('it is off'), UnreachableError],
    ['what the server refused', new RefusedByServer('no such field'), UserError],
    ['a write that came too late', new ConflictError('it was changed'), UserError],
    ['a file that can not be written', Object.assign(new Error('EROFS'), { syscall: 'open' }), UserError],
    ['a fault of ours', new TypeError('it is undefined'), Error],
  ])('is added to %s, which stays one for the same reader', async (_, error, type) => {
    const failed = withState(moving('switched'), [volume], async () => Promise.reject(error));
    await expect(failed).rejects.toThrow(/\. It runs: .*\. Its data is where it was: "lunward migrate app" resumes/);
    await expect(failed).rejects.toBeInstanceOf(type);
  });

  it.each([
    ['stopping', {}, /"lunward migrate app" resumes the move, "lunward rollback app" starts it on its old volumes$/],
    [
      'rolling-back',
      { '/config': volume.target.name },
      /new volumes are live: "lunward migrate app" goes on with it there/,
    ],
    [
      'switched',
      { '/config': volume.target.name },
      /new volumes are live: "lunward migrate app" goes on with it there/,
    ],
    ['returning', {}, /"lunward rollback app" resumes the rollback$/],
  ] as const)('is followed by the next command in phase %s with %j live', async (phase, live, next) => {
    const failed = withState(moving(phase, live), [volume], async () => Promise.reject(new UserError('it broke')));
    await expect(failed).rejects.toThrow(next);
  });

  it('is added once, and only while a change is under way', async () => {
    const fail = () => Promise.reject(new UserError('it broke'));
    const twice = withState(moving('returning'), [volume], () => withState(moving('returning'), [volume], fail));
    await expect(twice).rejects.toThrow(/^(?!.*It runs.*It runs).*It runs/);
    await expect(withState({ ...moving('returning'), journal: untyped({ live: {} }) }, [volume], fail)).rejects.toThrow(
      /^it broke$/,
    );
  });

  it('is not added to a lost lease', async () => {
    const error = new LeaseLost('taken');
    await expect(withState(moving('stopping'), [volume], async () => Promise.reject(error))).rejects.toBe(error);
  });
});
