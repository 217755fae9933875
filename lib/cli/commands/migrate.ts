import { UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import { stateOf, withState } from '../../migration/cutover/app-state';
import { cutOver, type Moved, type OnUnhealthy } from '../../migration/cutover/cut-over';
import { resumeRollback } from '../../migration/cutover/roll-back';
import { executePlans } from '../execute-plans';
import { siteOf } from '../site-of';
import { assertStoppable, withSourceRefusals, withStopRefusals } from '../stop-refusals';
import { Interruption } from '../terminal/interruption';
import { movedText, writeReport } from '../views/moved-text';
import type { Workplace } from '../workplace';

interface Options {
  readonly file: string;
  readonly approve?: readonly string[];
  readonly until?: string;
  readonly onUnhealthy?: string;
}

const phases = ['prepare', 'stop'];
const reactions: readonly string[] = ['rollback', 'stop'] satisfies OnUnhealthy[];

/** Moves apps' state to the newest generations of their volumes, one app after the other. */
export async function migrate(apps: readonly string[], options: Options): Promise<void> {
  const { file, approve = [], until, onUnhealthy = 'rollback' } = options;
  if (until !== undefined && !phases.includes(until)) {
    throw new UserError(
      `There is no phase "${until}" to stop behind: expected ${phases.join(' or ')}. Nothing was changed`,
    );
  }
  if (!reactions.includes(onUnhealthy)) {
    throw new UserError(`--on-unhealthy is "${onUnhealthy}": expected ${reactions.join(' or ')}. Nothing was changed`);
  }
  const whole = until !== 'prepare';
  await executePlans({
    file,
    apps,
    plan: async (workplace) => {
      const planned = await workplace.planTo('move');
      return whole ? withStopRefusals(workplace, planned) : withSourceRefusals(workplace, planned);
    },
    command: `lunward migrate ${apps.join(' ')}${until ? ` --until ${until}` : ''}`,
    approved: approve,
    afterwards: async (workplace, stillHeld) => {
      if (!whole) {
        console.log(
          `${workplace.app} is prepared: it runs on as before, and its new volume holds a copy. Run it again to bring that up to date.`,
        );
        return;
      }
      const reaction = { onUnhealthy: onUnhealthy as OnUnhealthy };
      const how = until === 'stop' ? ({ until, ...reaction } as const) : reaction;
      await Interruption.during((interruption) => change(workplace, stillHeld, interruption, how));
    },
  });
}

async function change(
  workplace: Workplace,
  stillHeld: () => void,
  interruption: Interruption,
  options: { readonly until?: 'stop'; readonly onUnhealthy: OnUnhealthy },
): Promise<void> {
  const { app } = workplace;
  const journal = await workplace.journal();
  const volumes = await workplace.moves(journal);
  const site = await siteOf(workplace, journal, stillHeld, interruption);
  if (journal.cutover?.phase === 'back') {
    const { cutover } = journal;
    const next = `"lunward rollback ${app}" goes on with its way back`;
    await withState(site, volumes, next, () => untilAsked(() => resumeRollback(site, volumes, cutover), site));
    throw new UserError(`${app} was being taken back, which was cut off; it is done now, and ${app} runs where it was`);
  }
  if (!journal.cutover) await assertStoppable(workplace, site.owner, volumes);
  const moved = await cutOver(site, volumes, options);
  if (!moved) {
    const { replicas } = await untilAsked(() => site.owner.workload(), site);
    const state = replicas === 0 ? `${app} is DOWN` : `${app} was not stopped (${await stateOf(site, volumes)})`;
    console.log(
      `${state}, and its new volumes are sealed. "lunward migrate ${app}" starts it on them, "lunward rollback ${app}" where it was.`,
    );
    return;
  }
  tellMoved(moved, workplace);
}

function tellMoved(moved: Moved, { file }: Workplace): void {
  const text = movedText(moved);
  console.log(`\n${text}`);
  console.log(`\nThis report is in ${writeReport(file, moved.app, text)}`);
}
