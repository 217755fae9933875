import { expect, it } from 'vitest';
import type { AppContext } from '../../../lib/migration/app-context';
import { movesUnderWay } from '../../../lib/migration/plan/wanted-volumes';
import { migrate } from '../../../lib/migration/use-cases/migrate';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld } from '../model-world';
import { after, failure, move } from '../moves';

useFastClock();

/** An app as a use case is given it, in a model world. */
async function contextIn(world: ModelWorld): Promise<AppContext> {
  const site = await world.site();
  const { model, journal, client } = site;
  const deployment = { metadata: { name: 'app', namespace: 'media' } };
  return untyped<AppContext>({
    ...site,
    client: { ...client, read: async () => deployment },
    project: { file: 'cluster.ts' },
    owners: { kubectl: () => site.owner },
    journal: async () => journal,
    observe: async () => ({ journal }),
    moves: async () => (journal.cutover ? movesUnderWay(model, journal.cutover) : []),
    whileHeld: (work: (assertHeld: () => void) => Promise<unknown>) => work(() => {}),
  });
}

it('prepares nothing for an app that a move has stopped, and says that it is down', async () => {
  const newWorld = () => new ModelWorld();
  const world = newWorld();
  await failure(move(world, await after('owner stops', newWorld)));
  const error = await failure(migrate(await contextIn(world), { until: 'prepare', approve: [] }));
  expect(error?.message).toMatch(/It is DOWN.*"lunward migrate app".*"lunward rollback app"/s);
  expect(world.events).toEqual([]);
});
