import { untilAsked } from '../../kubernetes/until-asked';
import { withState } from '../../migration/cutover/app-state';
import { cutOver } from '../../migration/cutover/cut-over';
import type { CutoverContext } from '../../migration/cutover/cutover-context';
import { wasRolledBack } from '../../migration/cutover/reseal';
import { rollBack } from '../../migration/cutover/roll-back';
import { isSwitched, reversed, type VolumeMove } from '../../migration/cutover/volume-move';
import { assertWayBack } from '../../migration/cutover/way-back';
import type { Cutover, Journal } from '../../migration/journal/journal';
import { approvalDigest } from '../../migration/plan/plan';
import { describeStorage } from '../../migration/survey/copy-source';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import { requireOwner, siteOf } from '../site-of';
import { assertStoppable } from '../stop-refusals';
import { approve as requireApproval } from '../terminal/approval';
import { Interruption } from '../terminal/interruption';
import { Workplace } from '../workplace';
import { writtenSince } from '../written-since';

interface Options {
  readonly file: string;
  readonly approve?: readonly string[];
  /** Names every file that was written since, and not only the first. @default false */
  readonly files?: boolean;
}

/** What is to be undone. */
interface Change {
  readonly cutover: Cutover;
  readonly volumes: readonly VolumeMove[];
  /** It was a rollback: the app goes on again to what it was taken back from. */
  readonly isAgain: boolean;
}

/**
 * Undoes the last change of an app's volumes: takes it back to those that were live before, or, where it was taken back, on again to
 * those. What it wrote meanwhile stays where it is.
 */
export async function rollback(app: string, options: Options): Promise<void> {
  const workplace = await Workplace.of(options.file, app);
  await workplace.whileHeld(async (stillHeld) => {
    const journal = await workplace.journal();
    const change = await changeToUndo(workplace, journal);
    if (!change) {
      console.log(nothingLine(app, journal));
      return;
    }
    const undo = change.isAgain ? goOnAgain : goBack;
    await undo(workplace, journal, change, { ...options, stillHeld });
  });
}

interface Work extends Options {
  readonly stillHeld: () => void;
}

async function goBack(workplace: Workplace, journal: Journal, { cutover, volumes }: Change, work: Work): Promise<void> {
  const { app, client, model } = workplace;
  const { files: isAll = false, stillHeld } = work;
  const hasRun = isSwitched(journal, volumes);
  // Before anything is read or asked: it is refused once more just before the app is stopped.
  await assertWayBack({ app, client, model, owner: await requireOwner(workplace) }, volumes);
  if (hasRun && journal.cutover?.phase !== 'back') {
    const lines: string[] = [];
    for (const volume of volumes) {
      const written = await writtenSince(workplace, journal, volume, { mayGoOn: stillHeld, isAll });
      lines.push(...backLines(app, journal, volume), ...written.map((line) => `    ${line}`));
    }
    await approved(
      app,
      lines,
      volumes.flatMap((volume) => backLines(app, journal, volume)),
      work,
    );
  }
  const next = `"lunward rollback ${app}" goes on with its way back`;
  await onSite(workplace, journal, stillHeld, (site) =>
    withState(site, volumes, next, () =>
      untilAsked(() => rollBack(site, volumes, site.journal.cutover ?? cutover), site),
    ),
  );
  const old = volumes.map(({ source }) => source.name).join(', ');
  const kept = hasRun ? `; what it wrote since is kept on ${volumes.map(({ target }) => target.name).join(', ')}` : '';
  console.log(`${app} runs on ${old} again${kept}.`);
}

async function goOnAgain(workplace: Workplace, journal: Journal, { volumes }: Change, work: Work): Promise<void> {
  const { app } = workplace;
  const lines = volumes.flatMap((volume) => againLines(app, journal, volume));
  await approved(app, lines, lines, work);
  await onSite(workplace, journal, work.stillHeld, async (site) => {
    await assertStoppable(workplace, site.owner, volumes);
    await cutOver(site, volumes, { onUnhealthy: 'rollback' });
  });
  const now = volumes.map(({ target }) => target.name).join(', ');
  const kept = volumes.map(({ source }) => source.name).join(', ');
  console.log(`${app} runs on ${now} again, as it left it there; what it wrote since is kept on ${kept}.`);
}

/** What is under way; else what went before. */
async function changeToUndo(workplace: Workplace, journal: Journal): Promise<Change | undefined> {
  if (journal.cutover) {
    return { cutover: journal.cutover, volumes: await workplace.movesOf(journal.cutover, journal), isAgain: false };
  }
  const last = Object.entries(journal.live).flatMap(([mountPath, to]) => {
    const from = journal.before[mountPath];
    return from ? [{ mountPath, from, to }] : [];
  });
  if (last.length === 0) return undefined;
  const isAgain = last.every(({ from }) => wasRolledBack(journal.latest(volumeNameOf(workplace, from))));
  const changed = isAgain ? reversed(last) : last;
  const volumes = await workplace.movesOf({ volumes: changed }, journal);
  const owner = await requireOwner(workplace);
  const replicas = await owner.replicas();
  return { cutover: { phase: 'stop', at: new Date().toISOString(), replicas, volumes: changed }, volumes, isAgain };
}

function volumeNameOf({ model }: Workplace, claim: string): string {
  const volumes = model.mounts.flatMap(({ generations }) => generations.filter(isPersistent));
  const found = volumes.find(({ name }) => name === claim);
  return found && found.kind !== 'existingClaim' ? persistentVolumeName(found) : claim;
}

function nothingLine(app: string, { retired }: Journal): string {
  if (retired.length === 0)
    return `${app}: nothing was moved, and nothing is under way: there is nothing to go back to`;
  return (
    `${app}: ${retired.join(', ')} was retired, and nothing leads back there. To have the data elsewhere, add a generation behind the ` +
    `others: "lunward plan ${app}" then says how it goes there`
  );
}

/** The digest is not of what was written, for the app goes on writing while this is read. */
async function approved(
  app: string,
  lines: readonly string[],
  what: readonly string[],
  { approve = [] }: Options,
): Promise<void> {
  const digest = approvalDigest(what);
  console.log(`${[...lines, `  digest ${digest}`].join('\n')}\n`);
  await requireApproval([digest], approve, `lunward rollback ${app}`);
}

function backLines(app: string, journal: Journal, { mountPath, source, target }: VolumeMove): string[] {
  const latest = journal.latest(persistentVolumeName(target));
  return [
    `${app}: ${mountPath} goes back from claim ${target.name} (attempt ${latest?.attempt}, sealed at ${latest?.at}) to ${source.name}, ${describeStorage(source)}`,
    `  what it wrote since it was sealed does not go along: it stays on ${describeStorage(target)}`,
    `  to take it along instead: describe a further LUN behind the others, or an empty folder of a share, and "lunward migrate ${app}"`,
  ];
}

function againLines(app: string, journal: Journal, { mountPath, source, target }: VolumeMove): string[] {
  const latest = journal.latest(persistentVolumeName(target));
  return [
    `${app}: ${mountPath} goes on again to claim ${target.name}, ${describeStorage(target)}, from which it was taken back at ${latest?.at}, with what it left there`,
    `  what it wrote on ${source.name} since does not go along: it stays in ${describeStorage(source)}`,
  ];
}

function onSite<T>(
  workplace: Workplace,
  journal: Journal,
  stillHeld: () => void,
  work: (site: CutoverContext) => Promise<T>,
): Promise<T> {
  return Interruption.during(async (interruption) => work(await siteOf(workplace, journal, stillHeld, interruption)));
}
