import { describe, expect, it } from 'vitest';
import { fencesOfApps } from '../../../lib/doctor/fences';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import type { FenceState } from '../../../lib/migration/survey/fence-state';
import type { DataVolume } from '../../../lib/storage/registry';
import { expectAdvice } from '../../expect-advice';
import { lun } from '../../helpers';
import { useFastClock } from '../clock';
import { begin, changesNothing, killedAfter, moved, pairs, prepared } from '../use-cases/cases';
import { World, yes } from '../world/world';

useFastClock();

const refs = fenceRefs({ app: 'app', namespace: 'media' });
const [, , pair] = pairs[0] as (typeof pairs)[number];
const policyOf = ({ cluster }: World) => cluster.find<{ spec: object }>(refs.policy.kind, refs.policy.metadata.name);
const fenceIs = async ({ migrator }: World): Promise<FenceState | undefined> => (await migrator.status('app')).fence;

/** What every command that only reads reports about the fence, by code. */
async function reported(world: World): Promise<Record<string, string[]>> {
  const { migrator, model, cluster } = world;
  const found: Record<string, string[]> = {};
  const codes = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);
  await changesNothing(world, async () => {
    found.status = codes((await migrator.status('app')).findings);
    found.plan = codes((await migrator.plan('app')).flatMap(({ findings = [] }) => findings));
    found.verify = codes((await migrator.verify('app')).flatMap(({ findings }) => findings));
    found.doctor = codes(await fencesOfApps({ apps: { app: model } }, cluster.client));
  });
  return found;
}
const byAll = (...codes: string[]) => ({ status: codes, plan: codes, verify: codes, doctor: codes });

/** As someone does it with kubectl. */
const faults: readonly [string, FenceState['is'], string, (world: World) => unknown][] = [
  ['was deleted', 'missing', 'fence-missing', ({ cluster }) => cluster.client.delete(refs.policy)],
  ['lost its binding', 'missing', 'fence-missing', ({ cluster }) => cluster.client.delete(refs.binding)],
  [
    'was edited',
    'different',
    'fence-differs',
    (world) => {
      const policy = policyOf(world);
      world.cluster.apply({ ...policy, spec: { ...policy?.spec, matchConstraints: { resourceRules: [] } } });
    },
  ],
];

describe('the fence of a moved app', () => {
  it('is reported as in place, and no command finds anything wrong', async () => {
    const world = await moved(pair);
    expect(await fenceIs(world)).toEqual({ is: 'in place', claims: ['config'] });
    expect(await reported(world)).toEqual(byAll());
  });

  it.each(faults)('is reported by every command that reads if it %s', async (_, is, code, change) => {
    const world = await moved(pair);
    await change(world);
    expect(await fenceIs(world)).toEqual({ is, claims: ['config'] });
    expect(await reported(world)).toEqual(byAll(code));
  });

  it.each(faults)('is restored by status --write-lock if it %s', async (_, _is, _code, change) => {
    const world = await moved(pair);
    const [policy, lock] = [policyOf(world), world.lock];
    await change(world);
    begin(world);
    const status = await world.migrator.status('app', { writeLock: true });
    expect(status).toMatchObject({ fence: { is: 'in place' }, findings: [], lock: { written: 'unchanged' } });
    expect([policyOf(world)?.spec, world.lock]).toEqual([policy?.spec, lock]);
    expect(world.changes.filter((name) => !name.includes('ValidatingAdmissionPolicy'))).toEqual([]);
  });

  it('is reported as unknown if policies can not be read, and that ends no command', async () => {
    const world = await moved(pair);
    world.process.faultAt = (_, asked) => (asked.startsWith('read ValidatingAdmission') ? 'request lost' : undefined);
    expect(await fenceIs(world)).toMatchObject({ is: 'unknown' });
    expect(await reported(world)).toEqual(byAll('fence-unknown'));
  });

  it('can not exist on a cluster without admission, which names what nothing protects', async () => {
    const world = await moved(pair);
    await world.cluster.client.delete(refs.binding);
    await world.cluster.client.delete(refs.policy);
    world.cluster.hasAdmission = false;
    expect(await fenceIs(world)).toEqual({ is: 'unsupported', claims: ['config'] });
    expect(await reported(world)).toEqual(byAll('fence-unsupported'));
  });

  it('names the command that restores it', async () => {
    const world = await moved(pair);
    await world.cluster.client.delete(refs.policy);
    const { findings } = await world.migrator.status('app');
    expectAdvice(findings, [['fence-missing', `Fence ${refs.policy.metadata.name}`, 'config']]);
    expect(findings[0]?.remedy).toContain('"lunward status app --write-lock"');
  });
});

describe.each(pairs)('the fence of an app that was moved from %s to %s', (_from, _to, [source, target]) => {
  const third = lun('config-3');
  const edits: readonly [string, readonly DataVolume[], boolean][] = [
    ['a further generation is described', [source, target, third], false],
    ['the line of a retired generation is deleted', [target], true],
  ];

  it.each(edits)('is not reported when %s', async (_, generations, isRetired) => {
    const world = await moved([source, target]);
    if (isRetired) await world.migrator.retire('app', { approve: yes });
    world.storage.add(third);
    world.generations = generations;
    begin(world);
    expect(await fenceIs(world)).toMatchObject({ is: 'in place', claims: ['config'] });
    expect(await reported(world)).toEqual(byAll());
  });

  it('is reported when it lacks a generation that the app ran on', async () => {
    const world = await moved([source, target]);
    const older = policyOf(world);
    world.storage.add(third);
    world.generations = [source, target, third];
    await world.migrator.migrate('app', { approve: yes });
    expect(world.runsOn).toEqual([third.name]);
    world.cluster.apply({ ...policyOf(world), spec: older?.spec });
    expect(await fenceIs(world)).toMatchObject({ is: 'different' });
    expect(await reported(world)).toEqual(byAll('fence-differs'));
  });

  it('is reported when it is of an earlier phase, and refuses the live volume', async () => {
    const world = await moved([source, target]);
    let kept: { spec: object } | undefined;
    world.process.onChange = (name) => {
      if (name === 'patch Deployment app') kept ??= policyOf(world);
    };
    await world.migrator.rollback('app', { approve: yes });
    world.cluster.apply({ ...policyOf(world), spec: kept?.spec });
    expect(await fenceIs(world)).toMatchObject({ is: 'different' });
  });

  it('is reported when only its claims are as they must be', async () => {
    const world = await moved([source, target]);
    world.storage.add(third);
    world.generations = [source, target, third];
    const policy = policyOf(world) as { spec: { validations: { expression: string }[] } };
    const [validation] = policy.spec.validations;
    const edited = { ...validation, expression: `true || ${validation?.expression}` };
    world.cluster.apply({ ...policy, spec: { ...policy.spec, validations: [edited] } });
    expect(await fenceIs(world)).toMatchObject({ is: 'different' });
  });
});

describe('the fence of an app that was never moved', () => {
  it('is not needed', async () => {
    expect(await fenceIs(await prepared(pair))).toEqual({ is: 'not needed' });
  });

  it('is reported if there is one', async () => {
    const world = await prepared(pair);
    const validations = [{ expression: 'true', message: '' }];
    world.cluster.apply({ ...refs.policy, spec: { validations, matchConstraints: { resourceRules: [] } } });
    const { fence, findings } = await world.migrator.status('app');
    expect([fence, findings.map(({ code }) => code)]).toEqual([{ is: 'left over' }, ['fence-differs']]);
    await world.migrator.status('app', { writeLock: true });
    expect(await fenceIs(world)).toEqual({ is: 'not needed' });
  });
});

describe('the fence during a move', () => {
  it('of an app that is kept stopped must be in place', async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    expect(await fenceIs(world)).toEqual({ is: 'in place', claims: ['config'] });
    await world.cluster.client.delete(refs.policy);
    expect(await fenceIs(world)).toEqual({ is: 'missing', claims: ['config'] });
  });

  it('is not reported as wrong while the app is started on its new volume', async () => {
    const migrate = ({ migrator }: World) => migrator.migrate('app', { approve: yes });
    const world = await killedAfter((name) => name === 'write lunward.lock.json', await prepared(pair), migrate);
    const { fence, findings, cutover } = await world.migrator.status('app');
    expect([cutover?.phase, fence, findings]).toEqual(['switched', { is: 'changing' }, []]);
  });
});

describe('the fence of a command that was killed', () => {
  const third = lun('config-3');
  const movedTwice = async () => {
    const world = await moved(pair);
    world.storage.add(third);
    world.generations = [...pair, third];
    return begin(world);
  };
  const neverMoved = async () => begin(World.running([lun('config')]));
  const migrate = ({ migrator }: World) => migrator.migrate('app', { approve: yes });
  const rollBack = ({ migrator }: World) => migrator.rollback('app', { approve: yes });
  const restart = ({ migrator }: World) => migrator.restart('app', { approve: yes });
  const stopped = async () => {
    const world = await prepared(pair);
    await world.migrator.migrate('app', { approve: yes, until: 'stop' });
    return begin(world);
  };
  const commands: readonly [string, () => Promise<World>, (world: World) => Promise<unknown>][] = [
    ['a first move', () => prepared(pair), migrate],
    ['a further move', movedTwice, migrate],
    ['a rollback of a move', () => moved(pair), rollBack],
    ['a rollback of a stop', stopped, rollBack],
    ['a restart after a move', () => moved(pair), restart],
    ['a restart of an app that was never moved', neverMoved, restart],
  ];
  const isKeptStopped = (phase = '') => ['stopping', 'stopped-on-target', 'rolling-back', 'restarting'].includes(phase);

  it.each(commands)(
    '%s: it is reported after no change of a phase that starts the app, unless someone edits it',
    async (_, make, run) => {
      const clean = await make();
      await run(clean);
      const phases = new Set<string | undefined>();
      for (const place of clean.changes.keys()) {
        const world = await make();
        world.process.killIn(place + 1);
        await run(world).catch(() => {});
        world.process.revive();
        const subject = `after ${clean.changes[place]}, change ${place}`;
        const { fence, findings, cutover } = await world.migrator.status('app');
        phases.add(cutover?.phase);
        // The journal has the phase before the fence follows, and what an app is kept from must be reported until then.
        if (isKeptStopped(cutover?.phase)) continue;
        expect([fence?.is, findings.map(({ code }) => code)], subject).toEqual([
          expect.stringMatching(/^(in place|not needed|changing)$/),
          [],
        ]);
        const policy = policyOf(world);
        // What is left of a fence that was being lifted refuses nothing, edited or not.
        if (!policy || !world.cluster.find(refs.binding.kind, refs.binding.metadata.name)) continue;
        world.cluster.apply({ ...policy, spec: { ...policy.spec, matchConstraints: { resourceRules: [] } } });
        const edited = await world.migrator.status('app');
        expect(
          edited.findings.map(({ code }) => code),
          `${subject}, and an edit`,
        ).toEqual(['fence-differs']);
        // As its remedy says.
        const restored = await world.migrator.status('app', { writeLock: true });
        expect(
          restored.findings.map(({ code }) => code),
          `${subject}, and a repair`,
        ).toEqual([]);
      }
      expect([...phases].some((phase) => phase !== undefined && !isKeptStopped(phase))).toBe(true);
    },
  );
});

describe('a user who may not read policies', () => {
  const mayNotRead = (world: World) => {
    world.process.faultAt = (_, asked) => (asked.startsWith('read ValidatingAdmission') ? 'request lost' : undefined);
    return world;
  };

  it('is told of no fence of an app that was never moved', async () => {
    const world = mayNotRead(await prepared(pair));
    const { findings } = await world.migrator.status('app');
    const plans = await world.migrator.plan('app');
    const byDoctor = await fencesOfApps({ apps: { app: world.model } }, world.cluster.client);
    const all = [...findings, ...plans.flatMap((plan) => plan.findings ?? []), ...byDoctor];
    expect(all.map(({ code }) => code)).not.toContain('fence-unknown');
    expect(byDoctor).toEqual([]);
  });

  it('is told which claims the fence of a moved app may not refuse', async () => {
    const world = mayNotRead(await moved(pair));
    expectAdvice((await world.migrator.status('app')).findings, [
      ['fence-unknown', `Fence ${refs.policy.metadata.name}`, 'config'],
    ]);
  });
});
