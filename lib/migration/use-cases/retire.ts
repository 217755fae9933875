import { withRetired } from '../../cluster/lock';
import { volumeUses } from '../../cluster/volume-uses';
import { UserError } from '../../core/problems';
import { podsUsing, readMountObjects } from '../../kubernetes/volume-users';
import { usedVolume } from '../../storage/used-volume';
import { isPersistent } from '../../volumes/kinds';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { AppContext } from '../app-context';
import { retireGenerations } from '../cutover/retire-generations';
import { assertNoRestart } from '../journal/cutover';
import type { Journal } from '../journal/journal';
import { planRetire, type RetireFacts } from '../plan/plan-retire';
import type { RunOptions } from '../ports';
import { type Approval, assertDigests, PlanRefused } from './execute';
import { openCutover } from './open-cutover';

/** What retiring would remove from the cluster. */
export interface RetirePlan {
  readonly lines: readonly string[];
  readonly digest: string;
}

export interface RetireOptions extends RunOptions {
  readonly approve: Approval;
  /** Receives the plan before it is approved. Default: nothing does. */
  readonly onPlan?: (plan: RetirePlan) => void;
}

/** What has left the cluster. */
export interface Retired {
  readonly result: 'changed' | 'unchanged';
  /** Claims of the generations. */
  readonly claims: readonly string[];
  /** Mounts whose volume in the pod has its name of a retired line, unless `name` is given. */
  readonly renamed: readonly { readonly mountPath: string; readonly first: string }[];
}

/**
 * Removes from the cluster the generations of an app's volumes that are not live any more. Their data stays on the NAS.
 *
 * @throws PlanRefused, NotApproved; UserError with the state that everything is in
 */
export function retire(free: AppContext, { approve, onPlan, signal }: RetireOptions): Promise<Retired> {
  return free.whileHeld(async (context, lease) => {
    const { app, project } = context;
    const journal = await context.journal();
    assertSettled(app, journal);
    const volumes = await factsOf(context, journal);
    if (volumes.length === 0) return { result: 'unchanged', claims: [], renamed: [] };
    const plan = planRetire(volumes);
    if (plan.refusals) throw new PlanRefused([{ planned: { refusals: plan.refusals }, remarks: [] }]);
    onPlan?.(plan);
    await assertDigests([plan.digest], approve, { lease });
    const site = await openCutover(context, journal, lease, signal);
    const refusals = volumes.some(isBegun(journal)) ? [] : await site.owner.refusals();
    if (refusals.length > 0) throw new PlanRefused([{ planned: { refusals }, remarks: [] }]);
    await retireGenerations(site, volumes, (claims) => project.changeLock((lock) => withRetired(lock, app, claims)));
    const claims = volumes.map(({ volume }) => volume.name);
    return { result: 'changed', claims, renamed: renamedBy(context, claims) };
  });
}

/** See lib/workload/manifests/pod-volumes.ts. */
function renamedBy({ model }: AppContext, claims: readonly string[]): Retired['renamed'] {
  return model.mounts.flatMap(({ mountPath, name, generations: [first] }) =>
    name === undefined && first && 'name' in first && claims.includes(first.name)
      ? [{ mountPath, first: first.name }]
      : [],
  );
}

function assertSettled(app: string, { cutover }: Journal): void {
  assertNoRestart(app, cutover);
  if (!cutover) return;
  throw new UserError(
    `${app} is changing its volumes since ${cutover.at} (${cutover.phase}): "lunward migrate ${app}" resumes that, "lunward rollback ${app}" rolls it back. Nothing was retired`,
    { category: 'refused', code: 'move-under-way' },
  );
}

/** An interrupted retirement continues, whatever else the stack would change. */
const isBegun = (journal: Journal) => (facts: RetireFacts) => journal.retired.includes(facts.volume.name);

/** The generations that moves have left, of which the cluster or the lock file still has something. */
async function factsOf({ project, app, model, client }: AppContext, journal: Journal): Promise<RetireFacts[]> {
  const [{ cluster, lock }, objects] = [await project.load(), await readMountObjects(client)];
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
