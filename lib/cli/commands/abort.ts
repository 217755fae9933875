import { UserError } from '../../core/problems';
import { putJournaledFence, unfencedClaims, unfencedText } from '../../migration/cutover/journaled-fence';
import type { Journal, JournalEntry } from '../../migration/journal/journal';
import { type AbortFacts, attemptsToAbort, leftLines, planAbort } from '../../migration/plan/plan-abort';
import { runForFacts } from '../../migration/survey/run-script';
import { readUnit, unitName } from '../../scripts/unit/unit';
import { persistentVolumeName } from '../../volumes/static-volume';
import { executePlans } from '../execute-plans';
import type { RemarkedPlan } from '../views/plan-text';
import type { Workplace } from '../workplace';

/** Gives up what was begun for an app's volumes; the app, and what lies where they are, stay as they are. */
export async function abort(
  app: string,
  { file, approve = [] }: { readonly file: string; readonly approve?: readonly string[] },
): Promise<void> {
  const done = await executePlans({
    file,
    apps: [app],
    plan: plans,
    command: `lunward abort ${app}`,
    approved: approve,
    // Where an earlier move left a generation, pods are kept from that whatever became of this attempt.
    afterwards: async (workplace, stillHeld) => {
      const { client, model } = workplace;
      const journal = await workplace.journal();
      stillHeld();
      const site = { app, client, model, journal };
      if ((await putJournaledFence(site)) === 'unsupported') console.log(unfencedText(unfencedClaims(site)));
    },
  });
  if (done.length > 0) {
    console.log(
      `What was begun for ${app} is given up; the volumes that ${app} uses are as before. "lunward wipe ${app}" makes a LUN blank again; a folder is emptied on the NAS.`,
    );
  }
}

async function plans(workplace: Workplace): Promise<RemarkedPlan[]> {
  const journal: Journal = await workplace.journal();
  if (journal.cutover) {
    throw new UserError(
      `${workplace.app} is stopped, or being started, on its way to new volumes, and that is more than an attempt: "lunward rollback ${workplace.app}" takes it back. Nothing was changed`,
    );
  }
  const attempts = attemptsToAbort(journal.all());
  if (attempts.length === 0) return [{ planned: { done: `${workplace.app}: nothing is under way` }, remarks: [] }];
  return Promise.all(attempts.map(([name, latest]) => planFor(workplace, name, latest)));
}

async function planFor(workplace: Workplace, name: string, latest: JournalEntry): Promise<RemarkedPlan> {
  const wanted = workplace.filled.find(({ target }) => persistentVolumeName(target) === name);
  // Not by way of the target, where a copy is at work.
  const unit = readUnit(unitName('copy', { volume: name, attempt: latest.attempt }));
  const nodes = await Promise.all(
    workplace.nodes.map(async (node) => {
      const state = await runForFacts(node, unit);
      return { name: node.name, ...(typeof state === 'string' && { problem: state }) };
    }),
  );
  const facts: AbortFacts = {
    app: workplace.app,
    name,
    latest,
    nodes,
    ...(wanted && {
      target: { mountPath: wanted.mountPath, volume: wanted.target },
      chap: await workplace.chap(wanted.target),
    }),
  };
  const planned = planAbort(facts);
  return { planned, remarks: planned.plan ? leftLines(facts) : [] };
}
