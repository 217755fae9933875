import { setTimeout as sleep } from 'node:timers/promises';
import type { CoreV1Event, V1PersistentVolumeClaim, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import { isPodOf } from '../kubernetes/pods-of-app';
import { askHttp } from '../shell/ask-http';
import { probeLun } from '../shell/probe-lun';
import { sourceUsers } from '../shell/source-users';
import { UserError } from '../spec/problems';
import type { IscsiVolume } from '../volumes/iscsi';
import type { NfsVolume } from '../volumes/nfs';
import { persistentVolumeName } from '../volumes/static-volume';
import { healthOf } from '../workload/probes';
import { placeName } from './copy-source';
import { found } from './found';
import { journaledLun } from './journaled-target';
import { judgeLog } from './judge-log';
import { hasItsVolumes, judgePods } from './judge-pod';
import type { MovedVolume } from './moved-volume';
import type { ReachedNode } from './node-look';
import type { Site } from './site';
import type { Stopwatch } from './stopwatch';

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
/** For which it is watched once it is Ready. */
const WATCHED_SECONDS = 5;

/**
 * Waits until an app runs on its new volumes as it should: claims bound, guard passed, Ready, its health path answers, the
 * expected disk on the node that it runs on and on no other, and no word of storage trouble in its log, as {@link judgeLog} has it.
 *
 * @throws UserError with the first thing that is not so
 */
export async function healthGate(site: Site, volumes: readonly MovedVolume[], watch: Stopwatch): Promise<Healthy> {
  const claims = volumes.map(({ target }) => target.name);
  const checks: string[] = [];
  const pod = await readyPod(site, claims);
  const { name = '' } = pod.metadata ?? {};
  const node = pod.spec?.nodeName ?? '';
  watch.lap('start');
  site.tell(`${site.app} is Ready: pod ${name} on ${node}`);
  await assertBound(site, claims);
  checks.push(`claim ${claims.join(', ')} bound, guard passed, pod Ready`);
  const reached = site.nodes.find((one) => one.name === node);
  if (!reached)
    throw new UserError(`pod ${name} runs on ${node}, which is not reached by SSH: its disk can't be looked at`);
  checks.push(...(await askHealth(site, pod, reached)));
  for (const volume of volumes) checks.push(await assertPlace(site, volume, reached));
  await sleep(WATCHED_SECONDS * 1000);
  checks.push(await askLog(site, name, volumes));
  const last = judgePods(await podsOf(site), claims);
  if (last.state !== 'ready') throw new UserError(`it was Ready, and is not any more: ${last.reason}`);
  return { pod: name, node, checks };
}

/** Waits for the one pod of an app that mounts the claims. @throws UserError where it does not become Ready */
export async function readyPod(site: Site, claims: readonly string[]): Promise<V1Pod> {
  const start = Date.now();
  while (true) {
    site.mayGoOn();
    const pods = await podsOf(site);
    const judged = judgePods(pods, claims);
    if (judged.state === 'ready') return judged.pod;
    const seconds = (Date.now() - start) / 1000;
    const isStuck = seconds > MOUNT_SECONDS && !pods.some(hasItsVolumes);
    if (judged.state === 'failed' || isStuck || seconds > READY_SECONDS) {
      const event = await lastWarning(site, pods);
      throw new UserError(
        `${judged.reason}, after ${Math.round(seconds)} s${event && `; the cluster says "${event}"`}`,
      );
    }
    await sleep(500);
  }
}

async function podsOf({ client, model }: Site): Promise<V1Pod[]> {
  const pods = await client.list<V1Pod>('Pod', model.namespace);
  return pods.filter((pod) => isPodOf(model, pod));
}

async function lastWarning({ client, model: { namespace } }: Site, pods: readonly V1Pod[]): Promise<string> {
  const names = pods.map(({ metadata }) => metadata?.name);
  const events = await client.list<CoreV1Event>('Event', namespace);
  const warnings = events.filter(
    ({ type, involvedObject }) => type === 'Warning' && names.includes(involvedObject.name),
  );
  const when = ({ lastTimestamp, eventTime }: CoreV1Event) => new Date(lastTimestamp ?? eventTime ?? 0).getTime();
  return warnings.sort((one, other) => when(other) - when(one))[0]?.message?.trim() ?? '';
}

async function assertBound({ client, model: { namespace } }: Site, claims: readonly string[]): Promise<void> {
  const all = await client.list<V1PersistentVolumeClaim>('PersistentVolumeClaim', namespace);
  for (const claim of claims) {
    const phase = all.find(({ metadata }) => metadata?.name === claim)?.status?.phase;
    if (phase !== 'Bound') throw new UserError(`claim ${claim} is ${phase ?? 'not there'}, expected Bound`);
  }
}

async function askHealth(site: Site, pod: V1Pod, node: ReachedNode): Promise<string[]> {
  const { model } = site;
  const health = healthOf(model);
  const address = pod.status?.podIP;
  if (!health || 'command' in health || !address) return [];
  const [wanted, path] = 'tcpPort' in health ? [health.tcpPort, ''] : [health.port, health.path];
  const port = model.ports.find(({ group, protocol }) => protocol === 'TCP' && (!wanted || group === wanted));
  if (!port) return [];
  // Of HTTPS that it listens is all that can be asked without a certificate to hold it against.
  const isEncrypted = 'scheme' in health && health.scheme === 'HTTPS';
  const asked = isEncrypted ? '' : path;
  const what = asked || `port ${port.containerPort}`;
  const deadline = Date.now() + ANSWER_SECONDS * 1000;
  for (;;) {
    site.mayGoOn();
    const answer = await found(node, askHttp(address, port.containerPort, asked));
    if (typeof answer === 'string') throw new UserError(`${what} of the app can't be asked: ${answer}`);
    if (answer.status >= 200 && answer.status < 400) return [`${what} answers`];
    if (Date.now() > deadline) {
      const said = answer.status || `nothing (${answer.problem})`;
      throw new UserError(`${what} of the app answers ${said} after ${ANSWER_SECONDS} s, expected 200`);
    }
    await sleep(1000);
  }
}

async function assertPlace(site: Site, volume: MovedVolume, node: ReachedNode): Promise<string> {
  const { target } = volume;
  return target.kind === 'nfs' ? assertFolder(target, node) : assertDisk(site, volume, target, node);
}

/** Whose folder it is the guard has proven by its marker. */
async function assertFolder(target: NfsVolume, node: ReachedNode): Promise<string> {
  const users = await found(node, sourceUsers(target));
  if (typeof users === 'string') throw new UserError(`the folder of ${target.name} can't be looked for: ${users}`);
  if (users.mounts.length > 0) return `${placeName(target)} is mounted on ${node.name}`;
  throw new UserError(`${node.name} has ${placeName(target)} not mounted, and the app runs there`);
}

/** The app's disk is the one that was sealed, on the node that it runs on; and no other node is logged in to it. */
async function assertDisk(site: Site, { chap }: MovedVolume, target: IscsiVolume, node: ReachedNode): Promise<string> {
  const latest = site.journal.latest(persistentVolumeName(target));
  if (!latest) throw new UserError(`the journal says nothing of ${target.name}`);
  const { lun, attempt } = journaledLun(target, latest);
  const seen = await found(node, probeLun(lun, chap));
  if (typeof seen === 'string') throw new UserError(`the disk of ${target.name} can't be looked at: ${seen}`);
  const disk = seen.luns.find((one) => one.lun === lun.lun);
  if (disk?.wwn !== lun.wwn || disk.uuid !== attempt.uuid || !disk.use.startsWith('mounted')) {
    const found = disk
      ? `disk ${disk.wwn} with file system ${disk.uuid || 'none'}, ${disk.use || 'not in use'}`
      : 'no disk';
    throw new UserError(
      `${node.name} has ${found} as LUN ${lun.lun} of ${lun.iqn}, expected ${lun.wwn} with ${attempt.uuid}, mounted for the app`,
    );
  }
  return `disk ${lun.wwn} with file system ${attempt.uuid} is mounted on ${node.name}`;
}

async function askLog({ client, model }: Site, pod: string, volumes: readonly MovedVolume[]): Promise<string> {
  const container = model.props.containerName ?? model.name;
  const log = await client.log(model.namespace, pod, container, { limitBytes: 4 * 1024 ** 2 });
  const isOnShare = volumes.some(({ target }) => target.kind === 'nfs');
  return judgeLog(log, model.props.facts?.storageTrouble ?? [], isOnShare);
}
