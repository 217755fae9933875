import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../lib/core/problems';
import type { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import type { CutoverContext } from '../../../lib/migration/cutover/cutover-context';
import { rollBack } from '../../../lib/migration/cutover/roll-back';
import { NoWayBack } from '../../../lib/migration/cutover/way-back';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld, pairs } from '../model-world';
import { cutover, failure, move, running } from '../moves';
import { podOn } from '../storage-objects';

useFastClock();

const isOff = async () => {
  throw new UnreachableError('node-a does not answer');
};
const others: V1Pod = podOn({ name: 'config-2' });
const backup = { ...others, metadata: { ...others.metadata, name: 'backup', labels: {} } };

describe.each(pairs.map((pair) => [pair.source.kind, pair.target.kind, pair] as const))(
  'an app that runs on its new volume, from %s to %s, is not stopped for a rollback',
  (_, _to, pair) => {
    it.each<[string, (site: CutoverContext) => Partial<CutoverContext>, RegExp]>([
      [
        'while a node can not be asked',
        ({ nodes }) => ({
          nodes: nodes.map((node, index) => (index === 0 ? { ...node, runner: untyped({ run: isOff }) } : node)),
        }),
        /node node-a .*kubectl delete node node-a/,
      ],
      [
        'while nobody can look at a node',
        ({ nodes }) => ({ nodes: nodes.slice(1) }),
        /node node-a of the cluster is not described with ssh/,
      ],
      [
        'while a pod of something else uses that volume',
        ({ client }) => ({
          client: untyped<ClusterClient>({
            ...client,
            list: async (kind: string) => [...(await client.list(kind)), ...(kind === 'Pod' ? [backup] : [])],
          }),
        }),
        /Pod media\/backup uses/,
      ],
    ])('%s', async (_, broken, reason) => {
      const world = new ModelWorld(pair);
      await move(world);
      const site = await world.site();
      const error = await failure(rollBack({ ...site, ...broken(site) }, [world.volume], cutover));
      expect(error).toBeInstanceOf(NoWayBack);
      expect(error?.message).toMatch(reason);
      expect(error?.message).toContain('app was not stopped');
      expect(world.events).toEqual([]);
      expect(world.state).toMatchObject({ ...running, cutover: undefined });
    });
  },
);
