import { UserError } from '../../core/problems';
import { isGoneForGood } from '../../nodes/identified-nodes';
import { runForFacts } from '../../nodes/run-script';
import { readUnit, unitName } from '../../scripts/unit/unit';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { AppContext } from '../app-context';
import { assertNoRestart } from '../journal/cutover';
import type { JournalEntry } from '../journal/entry';
import { type AbortFacts, attemptsToAbort, leftLines, planAbort } from '../plan/plan-abort';
import type { RemarkedPlan } from '../plan/remarked-plan';
import { type ApprovalOptions, execute } from './execute';

/** Gives up what was begun for an app's volumes. The app, and what its attempts have written, stay as they are. */
export function abort(context: AppContext, options: ApprovalOptions): Promise<'changed' | 'unchanged'> {
  return execute(context, { ...options, plan: planAborts });
}

async function planAborts(context: AppContext): Promise<RemarkedPlan[]> {
  const { app } = context;
  const journal = await context.journal();
  assertNoRestart(app, journal.cutover);
  if (journal.cutover) {
    throw new UserError(
      `${app} is stopped, or being started, on its way to new volumes, and that is more than an attempt: "lunward rollback ${app}" rolls it back. Nothing was changed`,
      { category: 'refused', code: 'move-under-way' },
    );
  }
  const attempts = attemptsToAbort(journal.all());
  if (attempts.length === 0) return [{ planned: { done: `${app}: nothing is under way` }, remarks: [] }];
  return Promise.all(attempts.map(([name, latest]) => planOne(context, name, latest)));
}

async function planOne(context: AppContext, name: string, latest: JournalEntry): Promise<RemarkedPlan> {
  const wanted = context.filled.find(({ target }) => persistentVolumeName(target) === name);
  const isFirst = context.wanted.some((volume) => volume.action === 'format' && volume.target === wanted?.target);
  // Nodes are asked for the unit, not the target: a copy may be at work there.
  const unit = readUnit(unitName('copy', { volume: name, attempt: latest.attempt }));
  const nodes = await Promise.all(
    context.nodes.map(async (node) => {
      const state = await runForFacts(node, unit);
      return { name: node.name, ...(typeof state === 'string' && { problem: state }) };
    }),
  );
  const facts: AbortFacts = {
    app: context.app,
    name,
    latest,
    isFirst,
    nodes,
    isWriterGone: await isGoneForGood(latest.node, context),
    ...(wanted && {
      target: { mountPath: wanted.mountPath, volume: wanted.target },
      chap: await context.chap(wanted.target),
    }),
  };
  const planned = planAbort(facts);
  return { planned, remarks: planned.plan ? leftLines(facts) : [] };
}
