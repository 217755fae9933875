import { sourceName } from '../migration/copy-source';
import type { Cutover, Journal } from '../migration/journal';
import { isSwitched, type MovedVolume } from '../migration/moved-volume';
import { approvalDigest } from '../migration/plan';
import { rollBack } from '../migration/take-back';
import { movesUnderWay } from '../migration/volumes-to-fill';
import { persistentVolumeName } from '../volumes/static-volume';
import { approve as requireApproval } from './approval';
import { Interruption } from './interruption';
import { requireOwner, siteOf } from './site-of';
import { Workplace } from './workplace';
import { writtenSince } from './written-since';

interface Options {
  readonly file: string;
  readonly approve?: readonly string[];
  /** Names every file that was written since, and not only the first. @default false */
  readonly files?: boolean;
}

/** Takes an app back to the volumes that were live before. What it wrote on the new ones since stays there. */
export async function rollback(app: string, { file, approve = [], files = false }: Options): Promise<void> {
  const workplace = await Workplace.of(file, app);
  await workplace.whileHeld(async (stillHeld) => {
    const journal = await workplace.journal();
    const cutover = journal.cutover ?? (await lastMove(workplace, journal));
    if (!cutover) {
      console.log(`${app}: nothing was moved, and nothing is under way: there is nothing to go back to`);
      return;
    }
    const volumes = await workplace.movesOf(cutover);
    const hasRun = isSwitched(journal, volumes);
    if (hasRun && journal.cutover?.phase !== 'back') {
      const written: string[][] = [];
      for (const volume of volumes) {
        written.push(await writtenSince(workplace, journal, volume, { mayGoOn: stillHeld, isAll: files }));
      }
      const { text, digest } = rollbackPlan(app, journal, volumes, written);
      console.log(`${text}\n`);
      await requireApproval([digest], approve, `lunward rollback ${app}`);
    }
    await Interruption.during(async (interruption) => {
      const site = await siteOf(workplace, journal, stillHeld, interruption);
      await rollBack(site, volumes, cutover);
    });
    const old = volumes.map(({ source }) => source.name).join(', ');
    const kept = hasRun
      ? `; what it wrote since is kept on ${volumes.map(({ target }) => target.name).join(', ')}`
      : '';
    console.log(`${app} runs on ${old} again${kept}.`);
  });
}

/** The move that went before, to be taken back. */
async function lastMove(workplace: Workplace, journal: Journal): Promise<Cutover | undefined> {
  const volumes = Object.entries(journal.live).flatMap(([mountPath, to]) => {
    const from = journal.before[mountPath];
    return from ? [{ mountPath, from, to }] : [];
  });
  if (volumes.length === 0) return undefined;
  // A generation that the app was taken back from is no place to go forward to.
  movesUnderWay(workplace.model, { volumes });
  const owner = await requireOwner(workplace);
  return { phase: 'stop', at: new Date().toISOString(), replicas: await owner.replicas(), volumes };
}

/** The digest is not of what was written, for the app goes on writing while this is read. */
function rollbackPlan(
  app: string,
  journal: Journal,
  volumes: readonly MovedVolume[],
  written: readonly (readonly string[])[],
): { text: string; digest: string } {
  const each = volumes.map(({ mountPath, source, target }) => {
    const latest = journal.latest(persistentVolumeName(target));
    return [
      `${app}: ${mountPath} goes back from claim ${target.name} (attempt ${latest?.attempt}, sealed at ${latest?.at}) to ${source.name}, ${sourceName(source)}`,
      `  what it wrote since it was sealed does not go along: it stays on LUN ${target.lun} of ${target.iqn}`,
    ];
  });
  const digest = approvalDigest(each.flat());
  const lines = each.flatMap((one, index) => [...one, ...(written[index] ?? []).map((line) => `    ${line}`)]);
  const along = `  to take it along instead: describe a further LUN behind the others, and "lunward migrate ${app}"`;
  return { text: [...lines, along, `  digest ${digest}`].join('\n'), digest };
}
