import type { CoreV1Event, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import { clock } from '../../core/clock';
import { UnreachableError, UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import type { ReachedNode } from '../../nodes/observation';
import { answered } from '../../nodes/run-script';
import { askHttp } from '../../scripts/node/ask-http';
import type { Script } from '../../scripts/script';
import type { Look } from '../../storage/movable';
import { movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import { healthOf } from '../../workload/manifests/probes';
import { runningPods } from '../survey/pod-place';
import type { CutoverContext } from './cutover-context';
import { judgeLog } from './judge-log';
import { hasItsVolumes, judgePods } from './judge-pod';
import type { Stopwatch } from './stopwatch';
import type { VolumeMove } from './volume-move';

/** What the gate saw of an app that it found well. */
export interface Healthy {
  readonly pod: string;
  readonly node: string;
  /** What was asked and found, in words. */
  readonly checks: readonly string[];
}

/** How long it may take until an app is Ready: as long as the startup probe lets it by default, and what a pull may take. */
const READY_SECONDS = 900;
/** How long it may take until its volumes are mounted. */
const MOUNT_SECONDS = 240;
/** How long it may take until it answers, where nothing but that its container runs makes it Ready. */
const ANSWER_SECONDS = 120;
/** How long the cluster or a node is asked again that can't be asked, once the app is Ready. */
const ASKED_SECONDS = ANSWER_SECONDS;
/** For which it is watched once it is Ready. */
const WATCHED_SECONDS = 5;

/**
 * Waits until an app runs on its new volumes as it should: claims bound, guard passed, Ready, its health path answers, the
 * expected disk on the node that it runs on and on no other, and no word of storage trouble in its log, as {@link judgeLog} has it.
 *
 * @throws UserError with the first thing that is not so; UnreachableError where that could not be asked, which says nothing of the app
 */
export async function healthGate(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  watch: Stopwatch,
): Promise<Healthy> {
  const claims = volumes.map(({ target }) => target.name);
  const checks: string[] = [];
  const pod = await readyPod(site, claims);
  const { name = '' } = pod.metadata ?? {};
  const node = pod.spec?.nodeName ?? '';
  watch.lap('start');
  site.report({ type: 'ready', pod: name, node });
  await assertBound(site, claims);
  checks.push(`claim ${claims.join(', ')} bound, guard passed, pod Ready`);
  const reached = site.nodes.find((one) => one.name === node);
  if (!reached) {
    throw new UnreachableError(
      `pod ${name} runs on ${node}, which is not described with ssh: its disk can't be inspected`,
    );
  }
  checks.push(...(await askHealth(site, pod, reached)));
  for (const volume of volumes) checks.push(await assertPlace(site, volume, reached));
  await clock.sleep(WATCHED_SECONDS * 1000);
  checks.push(await askLog(site, name, volumes));
  const last = judgePods(await asked(site, () => podsOf(site)), claims);
  if (last.state !== 'ready')
    throw new UserError(`it was Ready, and is not any more: ${last.reason}`, { code: 'not-ready' });
  return { pod: name, node, checks };
}

/** Asks again for a while where the cluster or a node can't be asked. */
function asked<Answer>({ mayGoOn }: CutoverContext, ask: () => Promise<Answer>): Promise<Answer> {
  return untilAsked(ask, { mayGoOn, deadline: Date.now() + ASKED_SECONDS * 1000 });
}

/**
 * Waits for the one pod of an app that mounts the claims. Time in which the cluster can't be asked counts for nothing against the
 * app, which may have become no further meanwhile.
 *
 * @throws UserError where it does not become Ready; UnreachableError where that can't be asked
 */
export async function readyPod(site: CutoverContext, claims: readonly string[]): Promise<V1Pod> {
  let start = Date.now();
  const deadline = start + READY_SECONDS * 1000;
  const missed = (milliseconds: number) => {
    start += milliseconds;
  };
  while (true) {
    const pods = await untilAsked(() => podsOf(site), { mayGoOn: site.mayGoOn, deadline, missed });
    const judged = judgePods(pods, claims);
    if (judged.state === 'ready') return judged.pod;
    const seconds = (Date.now() - start) / 1000;
    const isStuck = seconds > MOUNT_SECONDS && !pods.some(hasItsVolumes);
    if (judged.state === 'failed' || isStuck || seconds > READY_SECONDS) {
      const event = await lastWarning(site, pods).catch(unlessUnreachable);
      throw new UserError(
        `${judged.reason}, after ${Math.round(seconds)} s${event && `; the cluster says "${event}"`}`,
        { code: 'not-ready' },
      );
    }
    await clock.sleep(500);
  }
}

/** What the cluster says of it is an addition only. */
function unlessUnreachable(error: unknown): string {
  if (error instanceof UnreachableError) return '';
  throw error;
}

/** An evicted pod stays in the list long after its Deployment has another one. */
async function podsOf({ client, model }: CutoverContext): Promise<V1Pod[]> {
  return runningPods(model, await client.list<V1Pod>('Pod', model.namespace));
}

async function lastWarning({ client, model: { namespace } }: CutoverContext, pods: readonly V1Pod[]): Promise<string> {
  const names = pods.map(({ metadata }) => metadata?.name);
  const events = await client.list<CoreV1Event>('Event', namespace);
  const warnings = events.filter(
    ({ type, involvedObject }) => type === 'Warning' && names.includes(involvedObject.name),
  );
  const when = ({ lastTimestamp, eventTime }: CoreV1Event) => new Date(lastTimestamp ?? eventTime ?? 0).getTime();
  return warnings.sort((one, other) => when(other) - when(one))[0]?.message?.trim() ?? '';
}

async function assertBound(site: CutoverContext, claims: readonly string[]): Promise<void> {
  const { client, model } = site;
  const all = await asked(site, () => client.list<V1PersistentVolumeClaim>('PersistentVolumeClaim', model.namespace));
  for (const claim of claims) {
    const phase = all.find(({ metadata }) => metadata?.name === claim)?.status?.phase;
    if (phase !== 'Bound')
      throw new UserError(`claim ${claim} is ${phase ?? 'not there'}, expected Bound`, { code: 'claim-not-bound' });
  }
}

async function askHealth(site: CutoverContext, pod: V1Pod, node: ReachedNode): Promise<string[]> {
  const { model } = site;
  const health = healthOf(model);
  const address = pod.status?.podIP;
  if (!health || 'command' in health || !address) return [];
  const [wanted, path] = 'tcpPort' in health ? [health.tcpPort, ''] : [health.port, health.path];
  const port = model.ports.find(({ group, protocol }) => protocol === 'TCP' && (!wanted || group === wanted));
  if (!port) return [];
  // Of HTTPS that it listens is all that can be asked without a certificate to hold it against.
  const isEncrypted = 'scheme' in health && health.scheme === 'HTTPS';
  const wantedPath = isEncrypted ? '' : path;
  const what = wantedPath || `port ${port.containerPort}`;
  const deadline = Date.now() + ANSWER_SECONDS * 1000;
  for (;;) {
    const answer = await look(site, node, askHttp(address, port.containerPort, wantedPath), `${what} of the app`);
    if (answer.status >= 200 && answer.status < 400) return [`${what} answers`];
    if (Date.now() > deadline) {
      const said = answer.status || `nothing (${answer.problem})`;
      throw new UserError(`${what} of the app answers ${said} after ${ANSWER_SECONDS} s, expected 200`, {
        code: 'health-check-failed',
      });
    }
    await clock.sleep(1000);
  }
}

/**
 * What a script finds on a node.
 *
 * @param subject of the question, for a person
 * @throws UnreachableError where the node can't be asked, or declines to look: neither says anything of the app
 */
async function look<Facts>(
  site: CutoverContext,
  node: ReachedNode,
  script: Script<Facts>,
  subject: string,
): Promise<Facts> {
  const answer = await asked(site, () => answered(node, script));
  if (typeof answer === 'string') throw new UnreachableError(`${subject} can't be inspected: ${answer}`);
  return answer;
}

/** The node of the app's pod has mounted what was sealed. */
async function assertPlace(site: CutoverContext, { target, chap }: VolumeMove, node: ReachedNode): Promise<string> {
  const latest = site.journal.latest(persistentVolumeName(target));
  if (!latest) throw new UserError(`the journal says nothing of ${target.name}`, { code: 'journal-unusable' });
  const inspect: Look = (script, subject) => look(site, node, script, subject);
  return movable(target).assertMounted(target, node.name, latest, inspect, chap);
}

async function askLog(site: CutoverContext, pod: string, volumes: readonly VolumeMove[]): Promise<string> {
  const { client, model } = site;
  const container = model.props.containerName ?? model.name;
  const log = await asked(site, () => client.log(model.namespace, pod, container, { limitBytes: 4 * 1024 ** 2 }));
  const isOnShare = volumes.some(({ target }) => movable(target).isShare);
  return judgeLog(log, model.props.facts?.storageTrouble ?? [], isOnShare);
}
