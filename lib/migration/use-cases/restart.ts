import type { Advice, Finding } from '../../core/advice';
import { UserError } from '../../core/problems';
import { inspectNodes, mayLogIn, type NodeObservation, namesakes, sharedNames } from '../../nodes/observation';
import type { ReachedNode } from '../../nodes/runner';
import type { Owner } from '../../owners/owner';
import { describeStorage, isMovable, movable } from '../../storage/registry';
import { isPersistent } from '../../volumes/kinds';
import type { AppContext } from '../app-context';
import { signalOf } from '../cutover/interrupted';
import { type CheckedVolume, type RestartedApp, restartApp } from '../cutover/restart-app';
import { leaveRefusals } from '../cutover/way-back';
import { isRestart } from '../journal/cutover';
import type { Journal } from '../journal/journal';
import { describedRefusals, refusalText } from '../plan/described-refusals';
import { assertNotEdited } from '../plan/edited-description';
import { approvalDigest } from '../plan/plan';
import { namespaceRefusals } from '../plan/terminating-namespace';
import type { RunOptions } from '../ports';
import { fileSystemErrors } from '../survey/file-system-errors';
import { command } from './command';
import { type Approval, assertDigests } from './execute';
import { openCutover } from './open-cutover';
import { requireOwner } from './owner-of';
import { replicaRefusals } from './stop-refusals';

/** What a restart would do. */
export interface RestartPlan {
  readonly app: string;
  /** Volumes whose file systems would be checked. */
  readonly volumes: readonly { readonly mountPath: string; readonly claim: string; readonly place: string }[];
  /** What is wrong with them now. */
  readonly findings: readonly Finding[];
  /** It does not cover the findings: they change while the plan is read. */
  readonly digest: string;
}

export interface RestartOptions extends RunOptions {
  readonly approve: Approval;
  /** Receives the plan before it is approved. One that is resumed has none. Default: nothing does. */
  readonly onPlan?: (plan: RestartPlan) => void;
}

/** An app that runs again, or as before not at all. */
export interface Restarted extends RestartedApp {
  readonly app: string;
  /** What is wrong with its file systems now. */
  readonly findings: readonly Finding[];
}

/**
 * Stops an app, proves that no node uses its volumes, checks their file systems, and starts it again: what heals a file system that the
 * kernel has stopped. A run after one that was cut off resumes it.
 *
 * @throws NotApproved; UserError with the state that everything is in
 */
export function restart(free: AppContext, options: RestartOptions): Promise<Restarted> {
  const { signal, approve, onPlan } = options;
  return command(free, async (context, lease) => {
    const { app } = context;
    const journal = await context.journal();
    assertNoMove(app, journal);
    const volumes = await checkedVolumes(context, journal);
    if (!journal.cutover) {
      const owner = await requireOwner(context);
      const findings = await errorsOf(context, volumes);
      await assertRestartable(context, owner, volumes, findings, signalOf(lease.signal, signal));
      const plan = planOf(app, volumes, findings);
      onPlan?.(plan);
      await assertDigests([plan.digest], approve, { lease });
    }
    const involved = [...Object.values(journal.live), ...volumes.map(({ volume }) => volume.name)];
    const site = await openCutover(context, journal, lease, signal, involved);
    if (!journal.cutover) await assertNotEdited(site);
    const restarted = await restartApp(site, volumes);
    return { app, ...restarted, findings: await errorsOf(context, volumes) };
  });
}

/** @throws UserError for an app in the middle of a move: stopping and starting it belongs to that */
function assertNoMove(app: string, { cutover }: Journal): void {
  if (!cutover || isRestart(cutover)) return;
  const next =
    cutover.phase === 'returning'
      ? `"lunward rollback ${app}" resumes the rollback`
      : `"lunward migrate ${app}" resumes the move, "lunward rollback ${app}" rolls it back`;
  throw new UserError(`${app} is changing its volumes since ${cutover.at} (${cutover.phase}): ${next}`, {
    category: 'refused',
    code: 'move-under-way',
  });
}

/** @throws UserError where there are none, or description and journal differ about what is live */
async function checkedVolumes(context: AppContext, { live }: Journal): Promise<CheckedVolume[]> {
  const { app, model } = context;
  const found: CheckedVolume[] = [];
  for (const { mountPath, volume } of model.mounts) {
    if (!isPersistent(volume) || !isMovable(volume)) continue;
    const { fileSystems } = movable(volume);
    if (!fileSystems) continue;
    const recorded = live[mountPath];
    if (recorded && recorded !== volume.name) {
      throw new UserError(
        `lunward.lock.json says that ${volume.name} is live at ${mountPath}, the journal says ${recorded}: "lunward status ${app} --write-lock" writes what the journal says`,
        { category: 'refused', code: 'lock-differs' },
      );
    }
    const chap = await context.chap(volume);
    found.push({ mountPath, volume, fileSystems, ...(chap && { chap }) });
  }
  if (found.length > 0) return found;
  throw new UserError(
    `App "${app}" has no volume with a file system of its own, so there is nothing to check: restart it with what applies it`,
    { category: 'usage', code: 'no-such-volume' },
  );
}

async function errorsOf({ app, nodes }: AppContext, volumes: readonly CheckedVolume[]): Promise<Finding[]> {
  const all = volumes.map(({ volume, chap }) => fileSystemErrors({ app, volume, ...(chap && { chap }) }, nodes));
  return (await Promise.all(all)).flat();
}

/** @throws UserError with everything because of which the app could not be stopped, checked and started */
async function assertRestartable(
  context: AppContext,
  owner: Owner,
  volumes: readonly CheckedVolume[],
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<void> {
  const { app, client, model, nodes } = context;
  const refusals: Advice[] = [
    ...(await namespaceRefusals(client, model.namespace)),
    ...(await owner.refusals()),
    ...(await replicaRefusals(model, owner)),
    ...(await describedRefusals(context, volumes)),
    ...(await leaveRefusals(
      { client, model, nodes, signal },
      volumes.map(({ volume }) => volume),
    )),
    ...volumes.flatMap(unopened),
    ...(await namesakeRefusals(nodes, volumes)),
    // Neither could its node unmount it, nor another one check it.
    ...findings.filter(({ code }) => code === 'storage-silent'),
  ];
  if (refusals.length === 0) return;
  throw new UserError(`${refusalText(refusals)}\nRefused: ${app} was not stopped, and runs on as before`, {
    category: 'refused',
    code: 'plan-refused',
    advice: refusals,
  });
}

/**
 * The check logs in to the target, from no node that shares its initiator name. If such a node is logged in there now, the pod that starts
 * afterwards could end its session.
 */
async function namesakeRefusals(nodes: readonly ReachedNode[], volumes: readonly CheckedVolume[]): Promise<Advice[]> {
  const looks = await inspectNodes(nodes);
  const hasSession = ({ facts }: NodeObservation) =>
    facts !== undefined && volumes.some(({ volume, fileSystems }) => fileSystems.hasSession(volume, facts));
  const inTheWay =
    mayLogIn(looks).length === 0
      ? looks
      : looks.filter((look) => [look, ...namesakes(look.name, looks)].some(hasSession));
  return sharedNames(inTheWay);
}

function unopened({ volume, fileSystems, chap }: CheckedVolume): Advice[] {
  if (fileSystems.superblockErrors(volume, chap)) return [];
  return [
    {
      code: 'initiator-name-described',
      subject: describeStorage(volume),
      found: 'is described with an initiator name of its own, so no node can open it to check its file system',
      remedy: "admit the nodes' own initiator names on the NAS, and leave initiatorName out of the description",
    },
  ];
}

function planOf(app: string, volumes: readonly CheckedVolume[], findings: readonly Finding[]): RestartPlan {
  const shown = volumes.map(({ mountPath, volume }) => ({
    mountPath,
    claim: volume.name,
    place: describeStorage(volume),
  }));
  return { app, volumes: shown, findings, digest: approvalDigest([app, 'restart', shown]) };
}
