import { changeLock, loadCluster } from '../../cluster/load-cluster';
import { withRetired } from '../../cluster/lock';
import { volumeUses } from '../../cluster/volume-uses';
import { UserError } from '../../core/problems';
import type { Refusal } from '../../core/refusal';
import { podsUsing, readMountObjects, usedVolume } from '../../kubernetes/volume-users';
import type { Journal } from '../../migration/journal/journal';
import { planRetire, type RetireFacts } from '../../migration/plan/plan-retire';
import { retire as carryOut } from '../../migration/retire';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import { siteOf } from '../site-of';
import { approve as requireApproval } from '../terminal/approval';
import { Interruption } from '../terminal/interruption';
import { planText } from '../views/plan-text';
import { Workplace } from '../workplace';

interface Options {
  readonly file: string;
  readonly approve?: readonly string[];
}

/** Has the generations of an app's volumes leave the cluster that are not live any more. Their data stays where it is. */
export async function retire(app: string, { file, approve = [] }: Options): Promise<void> {
  const workplace = await Workplace.of(file, app);
  await workplace.whileHeld(async (stillHeld) => {
    const journal = await workplace.journal();
    assertSettled(app, journal);
    const volumes = await factsOf(workplace, journal);
    if (volumes.length === 0) {
      console.log(`${app}: no generation but the live ones is in the cluster: there is nothing to retire`);
      return;
    }
    const plan = planRetire(volumes);
    if (plan.refusals) throw refused(app, plan.refusals);
    console.log(`${plan.lines.join('\n')}\n  digest ${plan.digest}\n`);
    await requireApproval([plan.digest], approve, `lunward retire ${app}`);
    await Interruption.during(async (interruption) => {
      const site = await siteOf(workplace, journal, stillHeld, interruption);
      const inTheWay = volumes.some(isBegun(journal)) ? [] : await site.owner.refusals();
      if (inTheWay.length > 0) throw refused(app, inTheWay);
      await carryOut(site, volumes, (claims) => changeLock(file, (lock) => withRetired(lock, app, claims)));
    });
    console.log(retiredLines(workplace, volumes).join('\n'));
  });
}

function retiredLines({ app, model }: Workplace, volumes: readonly RetireFacts[]): string[] {
  const names = volumes.map(({ volume }) => volume.name);
  const oldest = model.mounts.flatMap(({ mountPath, name, generations: [first] }) =>
    name === undefined && first && 'name' in first && names.includes(first.name)
      ? [{ mountPath, first: first.name }]
      : [],
  );
  return [
    `${app} runs on as before. Its data that lay there is still on the NAS: what becomes of it is yours to say.`,
    `Commit lunward.lock.json; the line of ${names.map((name) => `"${name}"`).join(', ')} may be deleted from the description.`,
    // See lib/workload/manifests/pod-volumes.ts.
    ...oldest.map(
      ({ mountPath, first }) =>
        `In the pod the volume at ${mountPath} has its name of that line: write { name: '${first}', volume: […] } for what is left, or ${app} is started anew once for another name.`,
    ),
  ];
}

function refused(app: string, refusals: readonly Refusal[]): UserError {
  console.log(planText({ planned: { refusals }, remarks: [] }));
  return new UserError(`Refused: nothing was changed, and ${app} runs on as before`);
}

function assertSettled(app: string, { cutover }: Journal): void {
  if (!cutover) return;
  throw new UserError(
    `${app} is changing its volumes since ${cutover.at} (${cutover.phase}): "lunward migrate ${app}" goes on with that, "lunward rollback ${app}" takes it back. Nothing was retired`,
  );
}

/** One that was cut off goes on, whatever the stack would change besides. */
const isBegun = (journal: Journal) => (facts: RetireFacts) => journal.retired.includes(facts.volume.name);

/** Those that a move has left behind, and that the cluster still has something of, or the lock. */
async function factsOf({ file, app, model, client }: Workplace, journal: Journal): Promise<RetireFacts[]> {
  const [{ cluster, lock }, objects] = [await loadCluster(file), await readMountObjects(client)];
  const uses = volumeUses(cluster.apps, cluster.namespace.name);
  return model.mounts.flatMap(({ mountPath, generations, kept }) => {
    const live = journal.live[mountPath];
    const left = generations.filter(isPersistent).filter(({ name }) => {
      return name !== live && (journal.retired.includes(name) || kept.some((one) => one.name === name));
    });
    return left.flatMap((volume): RetireFacts[] => {
      if (live === undefined) return [];
      const namespace = volume.namespace ?? model.namespace;
      const claim = objects.claims.find(
        ({ metadata }) => metadata?.name === volume.name && metadata.namespace === namespace,
      );
      const name = volume.kind === 'existingClaim' ? volume.name : persistentVolumeName(volume);
      const persistentVolume = objects.volumes.find(({ metadata }) => metadata?.name === name);
      const isGone = !claim && !persistentVolume && lock.retired?.[app]?.includes(volume.name);
      if (isGone) return [];
      const isSame = (use: (typeof uses)[number]) => use.volume.name === volume.name && use.namespace === namespace;
      return [
        {
          app,
          mountPath,
          volume,
          name,
          namespace,
          live,
          latest: journal.latest(name),
          claim,
          persistentVolume,
          pods: podsUsing(usedVolume(volume, model.namespace), objects),
          otherApps: [...new Set(uses.filter(isSame).map((use) => use.app))].filter((other) => other !== app),
        },
      ];
    });
  });
}
