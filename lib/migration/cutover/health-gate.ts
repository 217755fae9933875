import type { CoreV1Event, V1Deployment, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import { clock } from '../../core/clock';
import { pollUntil } from '../../core/poll-until';
import { UnreachableError, UserError } from '../../core/problems';
import { untilAsked } from '../../kubernetes/until-asked';
import { answered } from '../../nodes/run-script';
import type { ReachedNode } from '../../nodes/runner';
import { type AskedHttp, askHttp } from '../../scripts/node/ask-http';
import type { Script } from '../../scripts/script';
import type { Look } from '../../storage/movable';
import { movable } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';
import { deploymentManifest } from '../../workload/manifests/deployment';
import { healthOf } from '../../workload/manifests/probes';
import { runningPods } from '../survey/pod-place';
import type { CutoverContext } from './cutover-context';
import { judgeLog } from './judge-log';
import { hasItsVolumes, judgePods } from './judge-pod';
import { withLastWords } from './last-words';
import type { Stopwatch } from './stopwatch';
import { type Stuck, stuckOn } from './stuck-pod';
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
/** Of the log of an app that another run has started only the latest part counts: what was long ago is over by now. */
const LOG_SECONDS = 15 * 60;
/** For which it is watched once it is Ready. */
const WATCHED_SECONDS = 5;

/**
 * Waits until an app runs on its new volumes as it should: claims bound, guard passed, Ready, its health path answers, the
 * expected disk on the node that it runs on and on no other, and no word of storage trouble in its log, as {@link judgeLog} has it.
 *
 * @param how.isOwn this run has started the app, so all of its log counts
 * @throws UserError with the first thing that is not so, and what the app wrote last; UnreachableError where that could not be asked,
 *   which says nothing of the app
 */
export async function healthGate(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  how: { readonly watch: Stopwatch; readonly isOwn: boolean },
): Promise<Healthy> {
  try {
    return await judged(site, volumes, how);
  } catch (error) {
    throw await withLastWords(site, error, () => podsOf(site));
  }
}

async function judged(
  site: CutoverContext,
  volumes: readonly VolumeMove[],
  { watch, isOwn }: { readonly watch: Stopwatch; readonly isOwn: boolean },
): Promise<Healthy> {
  const claims = volumes.map(({ target }) => target.name);
  const checks: string[] = [];
  const pod = await becomesReady(site, claims);
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
  await clock.sleep(WATCHED_SECONDS * 1000, site.signal);
  checks.push(await askLog(site, name, volumes, isOwn));
  const last = judgePods(await asked(site, () => podsOf(site)), claims);
  if (last.state !== 'ready')
    throw new UserError(`it was Ready, and is not any more: ${last.reason}`, { code: 'not-ready' });
  return { pod: name, node, checks };
}

/** Asks again for a while where the cluster or a node can't be asked. */
function asked<Answer>({ signal }: CutoverContext, ask: () => Promise<Answer>): Promise<Answer> {
  return untilAsked(ask, { signal, patienceSeconds: ASKED_SECONDS });
}

/**
 * Waits for the one pod of an app that mounts the claims. Time in which the cluster can't be asked counts for nothing against the
 * app, which may have become no further meanwhile. It ends early where it is known why the pod gets no further.
 *
 * @throws UserError where it does not become Ready, with the cause and what the app wrote last; UnreachableError where that can't be
 *   asked
 */
export async function readyPod(site: CutoverContext, claims: readonly string[]): Promise<V1Pod> {
  try {
    return await becomesReady(site, claims);
  } catch (error) {
    throw await withLastWords(site, error, () => podsOf(site));
  }
}

async function becomesReady(site: CutoverContext, claims: readonly string[]): Promise<V1Pod> {
  let stuck: (Stuck & { readonly since: number }) | undefined;
  const look = async (seconds: number) => {
    const pods = await podsOf(site);
    const judged = judgePods(pods, claims);
    if (judged.state === 'waiting') {
      const seen = await stuckNow(site, pods, claims);
      const before = seen?.cause === stuck?.cause ? stuck : undefined;
      stuck = seen && { ...(seen.isVague && before ? before : seen), since: before?.since ?? seconds };
    }
    const isStuck =
      (stuck && seconds - stuck.since >= stuck.seconds) || (seconds > MOUNT_SECONDS && !pods.some(hasItsVolumes));
    return { pods, judged, isOver: judged.state !== 'waiting' || isStuck === true, seconds };
  };
  const wait = { seconds: READY_SECONDS, everySeconds: 0.5, signal: site.signal };
  const { pods, judged, seconds } = await pollUntil(look, (seen) => seen.isOver, wait);
  if (judged.state === 'ready') return judged.pod;
  const event = await lastWarning(site, pods).catch(unlessUnreachable);
  const reason = (judged.state === 'waiting' && stuck?.reason) || judged.reason;
  throw new UserError(`${reason}, after ${Math.round(seconds)} s${event && `; the cluster says "${event}"`}`, {
    code: 'not-ready',
  });
}

async function stuckNow({ client, model }: CutoverContext, pods: readonly V1Pod[], wanted: readonly string[]) {
  const claims = await client.list<V1PersistentVolumeClaim>('PersistentVolumeClaim', model.namespace);
  const deployment = (await client.read(deploymentManifest(model))) as V1Deployment | undefined;
  return stuckOn({ pods, claims, ...(deployment && { deployment }) }, wanted);
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
    ({ type, involvedObject, message }) =>
      // "Error: ImagePullBackOff" follows the event that says why.
      type === 'Warning' && names.includes(involvedObject.name) && !message?.startsWith('Error: '),
  );
  const when = ({ lastTimestamp, eventTime }: CoreV1Event) => new Date(lastTimestamp ?? eventTime ?? 0).getTime();
  return warnings.sort((one, other) => when(other) - when(one))[0]?.message?.trim() ?? '';
}

async function assertBound(site: CutoverContext, claims: readonly string[]): Promise<void> {
  const { client, model } = site;
  const all = await asked(site, () => client.list<V1PersistentVolumeClaim>('PersistentVolumeClaim', model.namespace));
  for (const claim of claims) {
    const found = all.find(({ metadata }) => metadata?.name === claim);
    if (found?.metadata?.deletionTimestamp) {
      throw new UserError(`claim ${claim} is Terminating: it is gone, and no pod gets it again, once this one ends`, {
        code: 'claim-not-bound',
      });
    }
    const phase = found?.status?.phase;
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
  const script = askHttp(address, port.containerPort, wantedPath);
  const isWell = ({ status }: AskedHttp) => status >= 200 && status < 400;
  const ask = () => look(site, node, script, `${what} of the app`);
  // `look` has already asked an unreachable node again.
  const answer = await pollUntil(ask, isWell, { seconds: ANSWER_SECONDS, patienceSeconds: 0, signal: site.signal });
  if (isWell(answer)) return [`${what} answers`];
  const said = answer.status || `nothing (${answer.problem})`;
  throw new UserError(`${what} of the app answers ${said} after ${ANSWER_SECONDS} s, expected 200`, {
    code: 'health-check-failed',
  });
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

async function askLog(
  site: CutoverContext,
  pod: string,
  volumes: readonly VolumeMove[],
  isOwn: boolean,
): Promise<string> {
  const { client, model } = site;
  const container = model.props.containerName ?? model.name;
  const part = { limitBytes: 4 * 1024 ** 2, ...(!isOwn && { sinceSeconds: LOG_SECONDS }) };
  const log = await asked(site, () => client.log(model.namespace, pod, container, part));
  const isOnShare = volumes.some(({ target }) => movable(target).isShare);
  return judgeLog(log, model.props.facts?.storageTrouble ?? [], isOnShare);
}
