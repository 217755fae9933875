import { describe, expect, it } from 'vitest';
import { UserError } from '../../../lib/core/problems';
import type { RemarkedPlan } from '../../../lib/migration/plan/remarked-plan';
import { PlanRefused } from '../../../lib/migration/use-cases/execute';
import { useFastClock } from '../clock';
import { machineIdOf } from '../world/cluster';
import { World, yes } from '../world/world';
import { begin, changesNothing, moved, pairs, prepared } from './cases';

useFastClock();

const migrate = (world: World) => world.migrator.migrate('app', { approve: yes });
const bothValues = new RegExp(`${machineIdOf('node-a')}.*${machineIdOf('node-b')}`);

/** What the refusals say of node-b's address. */
const mistaken = (plans: readonly RemarkedPlan[]) =>
  plans
    .flatMap(({ planned }) => planned.refusals ?? [])
    .filter(({ code, subject }) => code === 'node-address-mistaken' && subject === 'node-b')
    .map(({ found }) => found);

describe.each(pairs)('a node whose address leads to another machine, in a move from %s to %s', (_from, _to, pair) => {
  it('refuses the plan, with both machine ids', async () => {
    const world = World.running(pair);
    world.addresses['node-b'] = 'node-a';
    const plans = await world.migrator.plan('app');
    expect(mistaken(plans)).toContainEqual(expect.stringMatching(bothValues));
    await changesNothing(world, () => migrate(world), PlanRefused);
  });

  it('does not prove that the app is stopped: it is started on its source again', async () => {
    const world = await prepared(pair);
    world.onEvent = ({ type }) => {
      if (type === 'stopping') world.addresses['node-b'] = 'node-a';
    };
    await expect(migrate(begin(world))).rejects.toThrow(bothValues);
    expect(world.runsOn).toEqual(['config']);
    expect(world.journal.live).toBeUndefined();
    expect(world.changes.filter((name) => name.startsWith('final-copy'))).toEqual([]);
  });

  it('does not prove that the target can be released: a rollback does not stop the app', async () => {
    const world = await moved(pair);
    world.addresses['node-b'] = 'node-a';
    await changesNothing(world, () => world.migrator.rollback('app', { approve: yes }), UserError);
    expect(world.runsOn).toEqual(['config-2']);
  });

  it('is recognised even among clones with the same machine id', async () => {
    const world = World.running(pair);
    for (const { status } of world.cluster.nodes) status.nodeInfo.machineID = machineIdOf('node-a');
    world.addresses['node-b'] = 'node-a';
    const plans = await world.migrator.plan('app');
    expect(mistaken(plans)).toContainEqual(
      expect.stringMatching(/boot id is boot of node-a, the cluster has boot of node-b/),
    );
  });

  it('is not used while the cluster can’t be asked for its machine id', async () => {
    const world = World.running(pair);
    world.cluster.hidesNodes = true;
    await changesNothing(world, () => migrate(world), UserError);
  });
});
