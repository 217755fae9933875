import { expect, it } from 'vitest';
import { Interrupted } from '../../../lib/migration/cutover/interrupted';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import type { Journal } from '../../../lib/migration/journal/journal';
import { type Plan, type Planned, planFormat } from '../../../lib/migration/plan/plan';
import { planAbort } from '../../../lib/migration/plan/plan-abort';
import { planWipe } from '../../../lib/migration/plan/plan-wipe';
import { runPlan } from '../../../lib/migration/plan/run-plan';
import type { ReachedNode } from '../../../lib/nodes/runner';
import type { Report } from '../../../lib/scripts/report';
import { lun, untyped } from '../../helpers';
import { entry, targetFacts } from '../facts';

type Carried = { readonly plan: Plan; readonly digest: string };

/** What is written down and run for a plan, in order; the script of one name may answer otherwise. */
async function run(planned: Planned, answers: Readonly<Record<string, Report<unknown>>> = {}) {
  const done: string[] = [];
  const journal = untyped<Journal>({
    latest: () => undefined,
    append: async (_: string, { state, node }: JournalEntry) => done.push(`journal: ${state} on ${node}`),
  });
  const node = (name: string): ReachedNode => ({
    name,
    runner: untyped({
      run: async (script: { name: string }) => {
        done.push(`${script.name} on ${name}`);
        return answers[script.name] ?? { result: 'changed', facts: {} };
      },
    }),
  });
  const error = await runPlan(planned as Carried, journal, [node('node-a'), node('node-b')], () => {}).then(
    () => undefined,
    ({ message }: Error) => message,
  );
  return { done, error };
}

const abort = planAbort({
  app: 'jellyfin',
  name: 'jellyfin-config',
  latest: entry('prepared', { node: 'node-b' }),
  target: { mountPath: '/config', volume: lun('jellyfin-config') },
  nodes: [{ name: 'node-a' }, { name: 'node-b' }],
});

it.each<[string, Planned, string[]]>([
  [
    'a format',
    planFormat(targetFacts()),
    [
      'journal: intent on node-a',
      'format-lun on node-a',
      'journal: building on node-a',
      'seal-volume on node-a',
      'journal: sealed on node-a',
    ],
  ],
  [
    'an abort',
    abort,
    [
      ...['a', 'a', 'b', 'b'].map((node) => `cancel-unit on node-${node}`),
      'release-lun on node-a',
      'release-lun on node-b',
      'journal: abandoned on node-b',
    ],
  ],
  [
    'a wipe',
    planWipe(targetFacts({ attempt: 2, latest: entry('abandoned') })),
    ['journal: wiping on node-a', 'wipe-lun on node-a', 'journal: wiped on node-a'],
  ],
])('writes down each step of %s before and behind it', async (_, planned, expected) => {
  expect(await run(planned)).toEqual({ done: expected, error: undefined });
});

it('stops at a step that declines, and reports the state', async () => {
  const { done, error } = await run(abort, { 'release-lun': { result: 'declined', reason: 'it is mounted' } });
  expect(done).not.toContain('journal: abandoned on node-b');
  expect(error).toBe(
    'Step "release" of PersistentVolume jellyfin-config on node-a declined: it is mounted. ' +
      'What was ended stays ended, and attempt 1 is not given up yet; LUN 1 of iqn.2000-01.com.example:jellyfin-config was not written to. ' +
      'Once that is fixed, run the same command again: it resumes here',
  );
});

it('reports an interrupted step as interrupted, not as failed', async () => {
  const { plan, digest } = planFormat(targetFacts()) as Carried;
  const [step, ...others] = plan.steps;
  if (!step) throw new Error('the plan has no step');
  const reattach = async ({ onProgress }: { onProgress: (progress: object) => void }) => onProgress({});
  const runner = untyped<ReachedNode['runner']>({ unit: () => ({ start: async () => {}, reattach }) });
  const journal = untyped<Journal>({ latest: () => undefined, append: async () => {} });
  const work = runPlan(
    { plan: { ...plan, steps: [{ ...step, unit: 'lunward-copy' }, ...others] }, digest },
    journal,
    [{ name: 'node-a', runner }],
    (_, news) => {
      if (news !== 'begins') throw new Interrupted('it was interrupted');
    },
  );
  await expect(work).rejects.toBeInstanceOf(Interrupted);
});
