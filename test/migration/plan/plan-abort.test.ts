import { describe, expect, it } from 'vitest';
import { type AbortFacts, attemptsToAbort, leftLines, planAbort } from '../../../lib/migration/plan/plan-abort';
import { expectAdvice, type Told } from '../../expect-advice';
import { lun } from '../../helpers';
import { entry, stepsOf, uuid, wwn } from '../facts';

const facts = (more: Partial<AbortFacts> = {}): AbortFacts => ({
  app: 'jellyfin',
  name: 'jellyfin-config',
  latest: entry('prepared'),
  target: { mountPath: '/config', volume: lun('jellyfin-config') },
  nodes: [{ name: 'node-a' }, { name: 'node-b' }],
  ...more,
});
const subject = 'PersistentVolume jellyfin-config';
const since = '2026-01-02T03:04:05.678Z';

describe('a plan to give up an attempt', () => {
  it('ends its units on every node, and abandons it once the writing node is proven idle', () => {
    const planned = planAbort(facts());
    expect(stepsOf(planned)).toEqual([
      ['cancel copy', 'node-a', undefined],
      ['cancel hash', 'node-a', undefined],
      ['cancel copy', 'node-b', undefined],
      ['cancel hash', 'node-b', undefined],
      ['release', 'node-b', undefined],
      ['release', 'node-a', 'abandoned'],
    ]);
    expect(planned.plan).toMatchObject({ attempt: { volume: 'jellyfin-config', attempt: 1, uuid }, target: { wwn } });
    expect(planned.plan?.begins).toBeUndefined();
  });

  it.each(['intent', 'building', 'prepared'] as const)('exists for an attempt in state %s', (state) => {
    expect(planAbort(facts({ latest: entry(state) })).plan).toBeDefined();
  });

  it('continues without a node that never wrote, and says so', () => {
    const without = facts({ nodes: [{ name: 'node-a' }, { name: 'node-b', problem: 'it does not answer' }] });
    expect(new Set(planAbort(without).plan?.steps.map(({ node }) => node))).toEqual(new Set(['node-a']));
    expect(leftLines(without)).toContain(
      'node-b was not checked (it does not answer): nothing of this attempt was begun there',
    );
  });

  it('has no step on a node that is gone for good, names the node, and records it', () => {
    const gone = facts({ nodes: [{ name: 'node-b' }], isWriterGone: true });
    const { plan } = planAbort(gone);
    expect(plan?.steps.map(({ name, node, reaches }) => [name, node, reaches])).toEqual([
      ['cancel copy', 'node-b', undefined],
      ['cancel hash', 'node-b', undefined],
      ['release', 'node-b', 'abandoned'],
    ]);
    expect(plan?.goneWriter).toBe('node-a');
    expect(leftLines(gone)).toContainEqual(expect.stringContaining('node-a wrote this attempt'));
  });

  it.each<[string, Partial<AbortFacts>, Told[]]>([
    [
      'the node that wrote is gone for good, and no other one is reached',
      { nodes: [{ name: 'node-b', problem: 'it does not answer' }], isWriterGone: true },
      [['writer-not-described', 'node-a', 'attempt 1', 'nor in the cluster']],
    ],
    [
      'the node that writes is not reached',
      { nodes: [{ name: 'node-a', problem: 'it does not answer' }, { name: 'node-b' }] },
      [['writer-unreachable', 'node-a', 'attempt 1', 'may still write', 'it does not answer']],
    ],
    [
      'the node that writes is not described',
      { nodes: [{ name: 'node-b' }] },
      [['writer-not-described', 'node-a', 'attempt 1', 'may still write']],
    ],
    [
      'the volume is not described, nor the node',
      { target: undefined, nodes: [] },
      [
        ['writer-not-described', 'node-a', 'attempt 1', 'may still write'],
        ['volume-not-described', subject, 'attempt 1', wwn],
      ],
    ],
    ['it is sealed', { latest: entry('sealed') }, [['already-sealed', subject, 'attempt 1', since, wwn, uuid]]],
  ])('is refused where %s', (_, more, expected) => {
    expectAdvice(planAbort(facts(more)).refusals, expected);
  });

  it.each(['rolled-back', 'abandoned', 'wiping', 'wiped'] as const)(
    'has nothing to do for an attempt in state %s',
    (state) => {
      expect(planAbort(facts({ latest: entry(state) }))).toEqual({
        done: `${subject}: attempt 1 was given up, ${state} since ${since}`,
      });
    },
  );

  it.each<[string, AbortFacts['latest'], string]>([
    ['half a mkfs', entry('intent'), `disk ${wwn} then still may hold a part of a file system as attempt 1`],
    ['a copy', entry('prepared'), `disk ${wwn} then still holds an unsealed copy as attempt 1, UUID ${uuid}`],
    [
      'what was to be adopted',
      entry('intent', { uuid: 'another' }),
      `disk ${wwn} keeps what it holds, file system another, which lunward has not made`,
    ],
  ])('tells of %s on the LUN', (_, latest, line) => {
    expect(leftLines(facts({ latest }))).toEqual([expect.stringContaining(line)]);
  });
});

it('covers only the volumes with an attempt under way', () => {
  const [sealed, abandoned, prepared] = [entry('sealed'), entry('abandoned'), entry('prepared')];
  const all = [['a', sealed] as const, ['b', abandoned] as const];
  expect(attemptsToAbort(all)).toEqual(all);
  expect(attemptsToAbort([...all, ['c', prepared]])).toEqual([['c', prepared]]);
});
