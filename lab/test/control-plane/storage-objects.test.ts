import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { clusterFindings } from '../../../lib/cli/cluster-findings';
import { defineCluster, liveCluster } from '../../../lib/cluster';
import type { Finding } from '../../../lib/core/advice';
import type { AdviceCode } from '../../../lib/core/advice-codes';
import type { Manifest } from '../../../lib/core/kubernetes';
import { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import type { PersistentVolume } from '../../../lib/volumes/kinds';
import { volumeManifests } from '../../../lib/workload/manifests/manifests';
import { image, lun, share } from '../../../test/helpers';
import { type ControlPlane, startControlPlane } from '../../control-plane/control-plane';
import { runningProgram } from '../process';
import { until } from '../until';
import { createNamespace } from './fixture';

const jellyfin = share('jellyfin-config');
const sonarr = lun('sonarr-config');
const radarr = lun('radarr-config');

let controlPlane: ControlPlane;
const kubeconfig = process.env.KUBECONFIG;

beforeAll(async () => {
  // No kubelet and no stand-in for one: pods stay as they are written.
  controlPlane = await startControlPlane({ kubelets: ['node-a'] });
  process.env.KUBECONFIG = controlPlane.kubeconfig;
  await createNamespace(controlPlane, 'media');
});
afterAll(async () => {
  process.env.KUBECONFIG = kubeconfig;
  await controlPlane?.stop();
});

const kubectl = (...args: readonly string[]) => controlPlane.kubectl(args);
const apply = (...objects: readonly object[]) =>
  controlPlane.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
const [volumeOf, claimOf] = [0, 1].map(
  (index) => (volume: PersistentVolume) => volumeManifests(volume, 'media')[index] as Manifest,
) as [(volume: PersistentVolume) => Manifest, (volume: PersistentVolume) => Manifest];

/** Doctor's findings about the cluster. */
async function told(context = controlPlane.context): Promise<readonly Finding[]> {
  const cluster = defineCluster({
    context,
    namespace: 'media',
    apps: {
      jellyfin: { image, config: jellyfin },
      sonarr: { image, config: sonarr },
      radarr: { image, config: radarr },
    },
  });
  const { findings } = await clusterFindings(liveCluster(cluster), new ClusterClient(context));
  return findings;
}

/** An error, of which facts are expected in its words. */
const error = (code: AdviceCode, subject: string, facts: Partial<Record<'found' | 'expected' | 'remedy', RegExp>>) =>
  expect.objectContaining({
    severity: 'error',
    code,
    subject,
    ...Object.fromEntries(Object.entries(facts).map(([name, words]) => [name, expect.stringMatching(words)])),
  });

const phase = (kind: string, name: string) =>
  kubectl('get', kind, name, '-n', 'media', '-o', 'jsonpath={.status.phase}');
const reaches = (kind: string, name: string, wanted: string) =>
  until(`${kind} ${name} ${wanted}`, 240, async () => (await phase(kind, name)) === wanted);

/** Runs the kubectl command that a remedy names, as a person would. */
function follow(finding: Finding | undefined): Promise<string> {
  const [, args = ''] = /kubectl --context \S+ (patch .*?--type=merge -p '.*?')/.exec(finding?.remedy ?? '') ?? [];
  return kubectl(...args.replaceAll("'", '').split(' '));
}

describe('the findings about a cluster', () => {
  it('are none if nothing exists yet, and if everything is fine', async () => {
    expect(await told()).toEqual([]);
    for (const volume of [jellyfin, sonarr, radarr]) await apply(volumeOf(volume), claimOf(volume));
    for (const { name } of [jellyfin, sonarr, radarr]) await reaches('pvc', name, 'Bound');
    expect(await told()).toEqual([]);
  });

  it('include a PersistentVolume whose claim was deleted, with a remedy that works', async () => {
    await kubectl('delete', 'pvc', jellyfin.name, '-n', 'media');
    await reaches('pv', jellyfin.name, 'Released');
    const [finding, ...others] = await told();
    const found = /\bmedia\/jellyfin-config\b/;
    expect(finding).toEqual(error('volume-released', 'PersistentVolume jellyfin-config', { found }));
    expect(others).toEqual([]);
    await follow(finding);
    await reaches('pv', jellyfin.name, 'Available');
    await apply(claimOf(jellyfin));
    await reaches('pvc', jellyfin.name, 'Bound');
    expect(await told()).toEqual([]);
  });

  it('include a claim that has lost its PersistentVolume, with a remedy that works', async () => {
    // A bound PersistentVolume is protected: only by force does it go before its claim.
    await kubectl('delete', 'pv', sonarr.name, '--wait=false');
    await kubectl('patch', 'pv', sonarr.name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
    await reaches('pvc', sonarr.name, 'Lost');
    const [finding, ...others] = await told();
    const found = /\bPersistentVolume sonarr-config\b/;
    expect(finding).toEqual(error('claim-lost', 'PersistentVolumeClaim media/sonarr-config', { found }));
    expect(others).toEqual([]);
    await apply(volumeOf(sonarr));
    await follow(finding);
    await reaches('pvc', sonarr.name, 'Bound');
    await reaches('pv', sonarr.name, 'Bound');
    expect(await told()).toEqual([]);
  });

  it('include a claim that waits, with the event that says why', async () => {
    await kubectl('delete', 'pvc', radarr.name, '-n', 'media');
    await kubectl('delete', 'pv', radarr.name);
    await apply({
      ...volumeOf(radarr),
      spec: { ...volumeOf(radarr).spec, claimRef: { namespace: 'media', name: 'other' } },
    });
    await apply({ ...claimOf(radarr), metadata: { namespace: 'media', name: 'other' } });
    await reaches('pvc', 'other', 'Bound');
    await apply(claimOf(radarr));
    await until('its event', 240, async () => (await told()).some(({ found }) => found.includes('(FailedBinding)')));
    const [volume, claim] = await told();
    const claims = { found: /\bmedia\/other$/, expected: /\bmedia\/radarr-config$/ };
    expect(volume).toEqual(error('volume-of-other-claim', 'PersistentVolume radarr-config', claims));
    const found = /already bound.*\(FailedBinding\)/;
    expect(claim).toEqual(error('claim-pending', 'PersistentVolumeClaim media/radarr-config', { found }));
  });
});

describe('the findings about pods', () => {
  const pod = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'media', labels: { 'app.kubernetes.io/name': 'jellyfin' } },
    spec: { nodeName: 'node-a', terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image }] },
  });
  const status = (name: string, waiting: object, phaseOf = 'Pending') =>
    kubectl(
      'patch',
      'pod',
      name,
      '-n',
      'media',
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({
        status: {
          phase: phaseOf,
          containerStatuses: [
            {
              name: 'app',
              image,
              imageID: '',
              ready: false,
              restartCount: 3,
              state: { waiting },
              lastState: { terminated: { exitCode: 139, reason: 'Error' } },
            },
          ],
        },
      }),
    );
  // It would delete pods whose node is not there, and judge a node that never says anything.
  const controllers = () => runningProgram(controlPlane.pids(), 'kube-controller-manager');
  beforeAll(() => {
    process.kill(controllers(), 'SIGSTOP');
  });
  afterAll(() => {
    process.kill(controllers(), 'SIGCONT');
  });
  const ofPods = async () => (await told()).filter(({ subject }) => subject.startsWith('Pod media/'));

  it('say why they are stuck, from their states and the events of their node', async () => {
    await apply(pod('crashing'), pod('mounting'));
    await status('crashing', { reason: 'CrashLoopBackOff' }, 'Running');
    await status('mounting', { reason: 'ContainerCreating' });
    const uid = await kubectl('get', 'pod', 'mounting', '-n', 'media', '-o', 'jsonpath={.metadata.uid}');
    await controlPlane.kubectl(
      ['create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: 'mounting.1', namespace: 'media' },
        involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'media', name: 'mounting', uid },
        type: 'Warning',
        reason: 'FailedMount',
        message:
          'MountVolume.SetUp failed for volume "jellyfin-config" : mount failed: exit status 32\nOutput: mount.nfs: access denied by server while mounting 192.0.2.200:/volume1/jellyfin-config\n',
        lastTimestamp: new Date().toISOString(),
      }),
    );
    expect(await ofPods()).toEqual([
      error('container-restarts', 'Pod media/crashing', {
        found: /\bcontainer app\b.*\b3 times\b.*\b139 \(Error\)/,
        remedy: new RegExp(`kubectl --context ${controlPlane.context} logs crashing -c app --previous -n media$`),
      }),
      error('server-refuses', 'Pod media/mounting', {
        found: /mount\.nfs: access denied by server while mounting 192\.0\.2\.200:\/volume1\/jellyfin-config$/,
        remedy: /\bnode-a$/,
      }),
    ]);
  });

  it('include one that does not end because its node is gone', async () => {
    await apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-a' } }, pod('ending'));
    await kubectl('delete', 'pod', 'ending', '-n', 'media', '--wait=false');
    const ofEnding = async () => (await ofPods()).filter(({ subject }) => subject === 'Pod media/ending');
    expect(await ofEnding()).toEqual([]);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 });
    const late = await ofEnding();
    const notReady = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
    await kubectl('patch', 'node', 'node-a', '--subresource=status', '-p', JSON.stringify(notReady));
    const lost = await ofEnding();
    vi.useRealTimers();
    const subject = 'Pod media/ending';
    expect(late).toEqual([error('pod-not-ended', subject, { found: /\b5 min ago\b.*\bstill on node-a$/ })]);
    expect(lost).toEqual([
      error('pod-not-ended', subject, {
        found: /\b5 min ago\b.*\bnode-a\b.*\bnot ready\b/,
        remedy: / taint nodes node-a /,
      }),
    ]);
  });
});

describe('a cluster that can’t be asked', () => {
  it('gives one finding, whatever the reason', async () => {
    const [context, ...others] = await told('elsewhere');
    const found = /\bkubeconfig .* has no context "elsewhere"/;
    expect(context).toEqual(error('cluster-unreachable', 'The cluster', { found }));
    expect(others).toEqual([]);
    const copy = join(mkdtempSync(join(tmpdir(), 'lunward-kubeconfig-')), 'kubeconfig');
    copyFileSync(controlPlane.kubeconfig, copy);
    process.env.KUBECONFIG = copy;
    await controlPlane.stop();
    const [stopped, ...more] = await told();
    const silent = { found: /\bAPI server of context .* can't be asked: / };
    expect(stopped).toEqual(error('cluster-unreachable', 'The cluster', silent));
    rmSync(dirname(copy), { recursive: true });
    expect(more).toEqual([]);
  });
});
