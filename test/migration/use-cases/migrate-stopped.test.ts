import { expect, it } from 'vitest';
import { UnreachableError } from '../../../lib/core/problems';
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import type { Lease } from '../../../lib/kubernetes/lease';
import type { AppContext } from '../../../lib/migration/app-context';
import type { CutoverContext } from '../../../lib/migration/cutover/cutover-context';
import type { MigrationEvent } from '../../../lib/migration/events';
import { movesUnderWay } from '../../../lib/migration/plan/wanted-volumes';
import { migrate } from '../../../lib/migration/use-cases/migrate';
import { untyped } from '../../helpers';
import { useFastClock } from '../clock';
import { ModelWorld } from '../model-world';
import { after, failure, move } from '../moves';
import { heldLease } from '../signals';

useFastClock();

/** An app as a use case is given it, in a model world. */
async function contextIn(world: ModelWorld, change = (site: CutoverContext) => site): Promise<AppContext> {
  const site = change(await world.site());
  const { model, journal, client } = site;
  const deployment = { metadata: { name: 'app', namespace: 'media' } };
  return untyped<AppContext>({
    ...site,
    client: {
      ...client,
      read: async (object: LiveObject) => (object.kind === 'Deployment' ? deployment : client.read(untyped(object))),
    },
    project: { file: 'cluster.ts' },
    owners: { kubectl: () => site.owner },
    journal: async () => journal,
    observe: async () => ({ journal }),
    moves: async () => (journal.cutover ? movesUnderWay(model, journal.cutover) : []),
    movesOf: async (cutover: Parameters<AppContext['movesOf']>[0]) => movesUnderWay(model, cutover),
    whileHeld(work: (held: unknown, lease: Lease) => Promise<unknown>) {
      return work(this, heldLease());
    },
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

it('says that new volumes are sealed even if it can’t read whether the app is down', async () => {
  const newWorld = () => new ModelWorld();
  const world = newWorld();
  await failure(move(world, await after('owner stops', newWorld)));
  const workload = () => Promise.reject(new UnreachableError('the API server is off'));
  const context = await contextIn(world, (site) => ({ ...site, owner: { ...site.owner, workload } }));
  const error = await failure(migrate(context, { until: 'stop', approve: [] }));
  expect(world.state).toMatchObject({ replicas: 0, sealed: true, latest: 'sealed' });
  expect(error).toBeInstanceOf(UnreachableError);
  expect(error?.message).toMatch(/Its new volumes are sealed.*"lunward migrate app".*"lunward rollback app"/s);
});

it('starts the app again if it is interrupted after its new volumes are sealed', async () => {
  const newWorld = () => new ModelWorld();
  const world = newWorld();
  await failure(move(world, await after('owner stops', newWorld)));
  const controller = new AbortController();
  const context = await contextIn(world);
  const report = (event: MigrationEvent) => {
    if (event.type === 'released') controller.abort();
  };
  const migrated = await failure(
    migrate(untyped({ ...context, report }), { until: 'stop', approve: [], signal: controller.signal }),
  );
  expect(migrated?.message).toMatch(/It runs on its old volume again/);
  expect(world.replicas).toBe(1);
});
