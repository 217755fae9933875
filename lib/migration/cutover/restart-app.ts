import { UnreachableError, UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import { inspectNodes, mayLogIn, sharedNames } from '../../nodes/observation';
import { runForFacts } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import type { Chap } from '../../scripts/chap';
import { type DataVolume, describeStorage, type Identity } from '../../storage/registry';
import type { FileSystemSlots } from '../../storage/target';
import { persistentVolumeName } from '../../volumes/static-volume';
import type { Cutover } from '../journal/cutover';
import { requireKind } from '../journal/journaled-target';
import { refusalText } from '../plan/described-refusals';
import { bringDown, endChange, settleApp } from '../settle/settle';
import { idleSessions } from '../survey/idle-sessions';
import { waitUntilUnused } from '../survey/storage-users';
import { unusedSeconds } from '../survey/unused-seconds';
import type { CutoverContext } from './cutover-context';
import { readyPod } from './health-gate';
import { toItsEnd } from './interrupted';

/** A live volume with a file system of its own. */
export interface CheckedVolume {
  readonly mountPath: string;
  readonly volume: DataVolume;
  readonly fileSystems: FileSystemSlots<DataVolume, Identity, unknown>;
  readonly chap?: Chap;
}

/** What a check of a file system came to. */
export interface Check {
  readonly claim: string;
  readonly node: string;
  /** `changed` if something was repaired. */
  readonly result: 'changed' | 'unchanged';
  /** The last line of the check. */
  readonly said: string;
}

/** An app that was restarted. */
export interface RestartedApp {
  /** Those that this run has made. */
  readonly checks: readonly Check[];
  /** Nothing for an app that was not running before. */
  readonly pod?: { readonly name: string; readonly node: string };
}

/**
 * Stops an app, checks the file systems of its volumes, and starts it on them again. A run after one that was cut off goes on where the
 * journal says that one was, and starts nothing that runs. It can be interrupted before the app is stopped, and then not until it runs,
 * or is down for a reason.
 *
 * @throws UserError where a file system needs an answer of a person: the app is down then, and nothing starts it
 */
export async function restartApp(
  interruptible: CutoverContext,
  volumes: readonly CheckedVolume[],
): Promise<RestartedApp> {
  interruptible.signal.throwIfAborted();
  const site = toItsEnd(interruptible);
  const checks: Check[] = [];
  await untilAsked(async () => {
    if (site.journal.cutover?.phase === 'restarted') return;
    await stopped(site, volumes);
    checks.length = 0;
    for (const volume of volumes) checks.push(await check(site, volume));
    await site.journal.transition({ cutover: { ...(site.journal.cutover as Cutover), phase: 'restarted' } });
  }, site);
  const pod = await untilAsked(() => started(site, volumes), site);
  return { checks, ...(pod && { pod }) };
}

/** Until nothing uses the volumes, by pods, mounts and sessions of every node; nothing can start on them from before the stop. */
async function stopped(site: CutoverContext, volumes: readonly CheckedVolume[]): Promise<void> {
  const { owner, journal, report } = site;
  await bringDown(site, {
    phase: 'restarting',
    replicas: journal.cutover?.replicas ?? (await owner.replicas()),
    volumes: volumes.map(({ mountPath, volume }) => ({ mountPath, from: volume.name, to: volume.name })),
  });
  await proveUnused(site, volumes);
  report({ type: 'stopped' });
}

async function proveUnused(site: CutoverContext, volumes: readonly CheckedVolume[]): Promise<void> {
  const left = volumes.map(({ volume }) => volume);
  await waitUntilUnused(left, site, unusedSeconds(site), idleSessions(left, site));
}

async function check(site: CutoverContext, checked: CheckedVolume): Promise<Check> {
  const { volume, fileSystems, chap } = checked;
  const latest = site.journal.latest(persistentVolumeName(volume));
  const node = await nodeThatReaches(site, checked, latest?.node);
  const known = latest?.state === 'sealed' ? requireKind(volume, latest) : undefined;
  const report = await node.runner.run(fileSystems.check(volume, known, chap));
  if (report.result === 'declined') {
    throw new UserError(
      `${describeStorage(volume)} was not found whole, and ${site.app} is not started on it: node ${node.name}: ${report.reason}`,
      { code: 'step-declined' },
    );
  }
  const found: Check = { claim: volume.name, node: node.name, result: report.result, said: report.facts.said };
  site.report({ type: 'checked', volume: volume.name, node: node.name, result: found.result, said: found.said });
  return found;
}

/**
 * The node that wrote the volume, if it may log in and reaches it; else the first one that does.
 *
 * @throws UnreachableError where none does, or a node does not answer; UserError where none may log in
 */
async function nodeThatReaches(
  { nodes, app }: CutoverContext,
  { volume, fileSystems, chap }: CheckedVolume,
  writer?: string,
): Promise<ReachedNode> {
  const place = describeStorage(volume);
  const script = fileSystems.superblockErrors(volume, chap);
  const able = await namesThatMayLogIn(nodes, `${place}, so ${app} is not started on it`);
  const reasons: string[] = [];
  const ordered = [...nodes.filter(({ name }) => name === writer), ...nodes.filter(({ name }) => name !== writer)];
  for (const node of script ? ordered : []) {
    const seen = able.includes(node.name)
      ? await runForFacts(node, script as NonNullable<typeof script>)
      : 'it has no iSCSI initiator with a name that no other node has';
    if (typeof seen !== 'string') return node;
    reasons.push(`${node.name}: ${seen}`);
  }
  throw new UnreachableError(`no node reaches ${place}, so ${app} is not started on it: ${reasons.join('; ')}`);
}

/** Nodes whose login ends no session of another node. */
async function namesThatMayLogIn(nodes: readonly ReachedNode[], place: string): Promise<readonly string[]> {
  const looks = await inspectNodes(nodes);
  const silent = looks.filter(({ facts }) => !facts);
  if (silent.length > 0) {
    // It could have the name of any.
    const reasons = silent.map(({ name, problem }) => `${name}: ${problem}`).join('; ');
    throw new UnreachableError(
      `no node may log in to ${place} before each has reported its initiator name: ${reasons}`,
    );
  }
  const able = mayLogIn(looks).map(({ name }) => name);
  const advice = sharedNames(looks);
  if (able.length > 0 || advice.length === 0) return able;
  throw new UserError(
    `no node may log in to ${place}: its login would end the session of another node\n${refusalText(advice)}`,
    { category: 'refused', code: 'initiator-name-shared', advice },
  );
}

/** Starts an app whose file systems are checked, unless it runs. @returns its pod, which is Ready; nothing for one that did not run before */
async function started(site: CutoverContext, volumes: readonly CheckedVolume[]): Promise<RestartedApp['pod']> {
  const { journal, report } = site;
  const cutover = journal.cutover as Cutover;
  const claims = volumes.map(({ volume }) => volume.name);
  await settleApp(site, { prove: () => proveUnused(site, volumes) });
  const ready = cutover.replicas > 0 ? await readyPod(site, claims) : undefined;
  await endChange(site);
  if (!ready) return undefined;
  const pod = { name: ready.metadata?.name ?? '', node: ready.spec?.nodeName ?? '' };
  report({ type: 'ready', pod: pod.name, node: pod.node });
  return pod;
}
