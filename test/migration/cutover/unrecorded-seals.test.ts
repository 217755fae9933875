import type { KubernetesObject } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../lib/core/problems';
import type { CutoverContext } from '../../../lib/migration/cutover/cutover-context';
import { rollBack } from '../../../lib/migration/cutover/roll-back';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import type { ReachedNode } from '../../../lib/nodes/runner';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld, pairs } from '../model-world';
import { failure, goBack, move } from '../moves';

useFastClock();

describe.each(pairs.map((pair) => [pair.source.kind, pair.target.kind, pair] as const))(
  'a copy from %s to %s',
  (_, _to, pair) => {
    /** A run that ended with the last copy, or just before it, and wrote nothing down of it. */
    const killed = async (isSealed: boolean) => {
      const clean = new ModelWorld(pair);
      await move(clean);
      const world = new ModelWorld(pair);
      await failure(move(world, 2 * clean.events.indexOf('final copy') + (isSealed ? 1 : 0)));
      expect([world.sealed, world.state.latest]).toEqual([isSealed, 'prepared']);
      return world;
    };

    it('that was sealed without a record in the journal is given up by a rollback', async () => {
      const world = await killed(true);
      await goBack(world);
      expect(world.state).toMatchObject({ replicas: 1, claim: 'config', latest: 'rolled-back', cutover: undefined });
      expect((await world.site()).journal.latest('config-2')).toMatchObject({ neverLive: true });
    });

    it('that was not sealed is kept for the next move', async () => {
      const world = await killed(false);
      await goBack(world);
      expect(world.state).toMatchObject({ replicas: 1, claim: 'config', latest: 'prepared', cutover: undefined });
    });

    it('whose volume is gone is kept for the next move', async () => {
      const world = await killed(false);
      world.fault = { targetIsGone: true };
      await goBack(world);
      expect(world.state).toMatchObject({ replicas: 1, claim: 'config', latest: 'prepared', cutover: undefined });
    });

    it('that was sealed without a record in the journal is live after the move is resumed', async () => {
      const world = await killed(true);
      await move(world);
      expect(world.state).toMatchObject({ claim: 'config-2', latest: 'sealed', cutover: undefined });
    });
  },
);

it('a copy is given up if its node is neither described nor in the cluster', async () => {
  const clean = new ModelWorld();
  await move(clean);
  const world = new ModelWorld();
  await failure(move(world, 2 * clean.events.indexOf('final copy')));
  const site = await world.site();
  const isLeft = ({ metadata }: KubernetesObject) => metadata?.name !== 'node-a';
  const client = Object.assign(Object.create(site.client), {
    list: async (kind: string) => (await site.client.list(kind)).filter((one) => kind !== 'Node' || isLeft(one)),
  });
  const nodes = site.nodes.filter(({ name }) => name !== 'node-a');
  await rollBack({ ...site, client, nodes }, [world.volume], site.journal.cutover as Cutover);
  expect(world.state).toMatchObject({ replicas: 1, claim: 'config', latest: 'rolled-back', cutover: undefined });
});

describe('if the node that wrote a copy is unreachable', () => {
  const killed = async () => {
    const clean = new ModelWorld();
    await move(clean);
    const world = new ModelWorld();
    await failure(move(world, 2 * clean.events.indexOf('final copy') + 1));
    return world;
  };
  const isOff = async () => {
    throw new UnreachableError('node-a does not answer');
  };

  it.each<[string, (site: CutoverContext) => CutoverContext['nodes']]>([
    ['is not described any more', ({ nodes }) => nodes.filter(({ name }) => name !== 'node-a')],
    [
      'is away',
      ({ nodes }) => {
        const [node, ...others] = nodes as [ReachedNode, ...ReachedNode[]];
        return [{ ...node, runner: untyped({ ...node.runner, unit: node.runner.unit, run: isOff }) }, ...others];
      },
    ],
  ])('for it %s, the rollback ends, and the copy is left to be given up', async (_, nodesOf) => {
    const world = await killed();
    const site = await world.site();
    await rollBack({ ...site, nodes: nodesOf(site) }, [world.volume], site.journal.cutover as Cutover);
    expect(world.state).toMatchObject({ replicas: 1, claim: 'config', latest: 'prepared', cutover: undefined });
    expect(world.reported).toContainEqual(
      expect.objectContaining({ type: 'sealNotRead', volume: 'config-2', node: 'node-a' }),
    );
  });
});
