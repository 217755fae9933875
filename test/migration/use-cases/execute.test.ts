import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import type { Lease } from '../../../lib/kubernetes/lease';
import { LeaseLost } from '../../../lib/kubernetes/lease-lost';
import type { AppContext } from '../../../lib/migration/app-context';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import type { MigrationEvent } from '../../../lib/migration/events';
import type { RemarkedPlan } from '../../../lib/migration/plan/remarked-plan';
import { type Execution, execute, NotApproved, PlanRefused } from '../../../lib/migration/use-cases/execute';
import { untyped } from '../../helpers';

/** A plan of one step, which runs on node-a. */
const planned = (digest = 'abc'): RemarkedPlan => ({
  planned: untyped({
    digest,
    plan: {
      app: 'app',
      volume: 'config-2',
      attempt: { attempt: 1, uuid: 'u' },
      identity: { kind: 'nfs', server: '192.0.2.200', path: '/config-2' },
      steps: [{ name: 'mark', node: 'node-a', script: { name: 'mark-folder' }, reaches: 'building' }],
      whenItFails: 'nothing was changed',
    },
  }),
  remarks: [],
});
const refused: RemarkedPlan = {
  planned: { refusals: [{ code: 'node-unreachable', subject: 'a node', found: 'is off' }] },
  remarks: [],
};
const done: RemarkedPlan = { planned: { done: 'all is there' }, remarks: [] };

class World {
  readonly events: string[] = [];
  readonly reported: MigrationEvent[] = [];
  isHeld = true;
  /** Another process has taken the lease while this machine slept, and this process does not know yet. */
  isTaken = false;

  get context(): AppContext {
    const lost = new AbortController();
    if (!this.isHeld) lost.abort(new LeaseLost('the lease was lost'));
    const assertHeld = async () => {
      if (this.isTaken) lost.abort(new LeaseLost('the lease was lost'));
      lost.signal.throwIfAborted();
    };
    return untyped({
      app: 'app',
      nodes: [
        { name: 'node-a', runner: { run: async () => this.events.push('ran') && { result: 'changed', facts: {} } } },
      ],
      journal: async () => ({
        latest: () => undefined,
        append: async (_: string, { state }: { state: string }) => this.events.push(state),
      }),
      report: (event: MigrationEvent) => this.reported.push(event),
      whileHeld: async (work: (held: AppContext, lease: Lease) => Promise<unknown>) => {
        this.events.push('held');
        try {
          return await work(this.context, { signal: lost.signal, assertHeld });
        } finally {
          this.events.push('released');
        }
      },
    });
  }

  run(plans: readonly RemarkedPlan[], options: Partial<Execution> = {}) {
    return execute(this.context, { plan: async () => plans, approve: ['abc'], ...options });
  }
}

describe('a plan', () => {
  it('is carried out while the app is held, once its digest was approved', async () => {
    const world = new World();
    const afterwards = async () => {
      world.events.push('afterwards');
    };
    expect(await world.run([planned()], { afterwards })).toBe('changed');
    expect(world.events).toEqual(['held', 'ran', 'building', 'afterwards', 'released']);
    expect(world.reported.map((event) => event.type === 'step' && event.news)).toEqual(['begins', 'changed']);
  });

  it('is shown before it is approved', async () => {
    const shown: string[] = [];
    await new World().run([planned()], {
      onPlan: (plans) => shown.push(`${plans.length} shown`),
      approve: async (digests) => {
        shown.push(`asked for ${digests}`);
      },
    });
    expect(shown).toEqual(['1 shown', 'asked for abc']);
  });

  it.each<[string, readonly RemarkedPlan[], Partial<Execution>, new (...args: never[]) => Error]>([
    ['was refused', [planned(), refused], {}, PlanRefused],
    ['is another one than was approved', [planned('new')], {}, NotApproved],
    ['is not the only one that needs approval', [planned(), planned('new')], {}, NotApproved],
    [
      'was declined by the operator',
      [planned()],
      {
        approve: async () => {
          throw new UserError('no');
        },
      },
      UserError,
    ],
    ['was interrupted before', [planned()], { signal: AbortSignal.abort() }, Interrupted],
  ])('changes nothing where it %s', async (_, plans, options, error) => {
    const world = new World();
    await expect(world.run(plans, options)).rejects.toThrow(error);
    expect(world.events).toEqual(['held', 'released']);
  });

  it('is not carried out after the lease is lost', async () => {
    const world = new World();
    world.isHeld = false;
    await expect(world.run([planned()])).rejects.toThrow('the lease was lost');
    expect(world.events).toEqual(['held', 'released']);
  });

  it('is not carried out if the lease was lost while the operator was asked', async () => {
    const world = new World();
    const approve = async () => {
      world.isTaken = true;
    };
    await expect(world.run([planned()], { approve })).rejects.toThrow('the lease was lost');
    expect(world.events).toEqual(['held', 'released']);
  });

  it('needs no approval if there is nothing to do', async () => {
    const world = new World();
    expect(await world.run([done], { approve: [], afterwards: async () => void world.events.push('afterwards') })).toBe(
      'unchanged',
    );
    expect(world.events).toEqual(['held', 'released']);
  });

  it('needs no approval when it is resumed', async () => {
    const world = new World();
    const afterwards = async () => {
      world.events.push('afterwards');
    };
    expect(await world.run([{ ...done, goesOn: true }], { approve: [], afterwards })).toBe('changed');
    expect(world.events).toEqual(['held', 'afterwards', 'released']);
  });
});
