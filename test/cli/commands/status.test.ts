import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plan } from '../../../lib/cli/commands/plan';
import { status } from '../../../lib/cli/commands/status';
import type { ClusterDescription } from '../../../lib/cluster';
import { image, lun, share } from '../../helpers';
import { describedFolder } from '../description';
import { resultIn } from '../result-in';
import { type Answers, StandInCluster } from '../stand-in-cluster';

const folder = describedFolder();
let cluster: StandInCluster;
const options = () => ({ file: folder.at('cluster.ts') });
const pod = (app: string, claim: string, more = {}) => ({
  metadata: { name: `${app}-1`, namespace: 'media', labels: { 'app.kubernetes.io/name': app } },
  spec: {
    nodeName: 'node-a',
    containers: [{ name: app, volumeMounts: [{ name: 'config', mountPath: '/config' }] }],
    volumes: [{ name: 'config', persistentVolumeClaim: { claimName: claim } }],
  },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  ...more,
});
const pods = (...items: object[]): Answers => ({
  '/api/v1/namespaces/media/pods': [200, { kind: 'PodList', items }],
});
const described: ClusterDescription = {
  context: 'home',
  namespace: 'media',
  apps: {
    tv: { image, config: [share('tv-config'), lun('tv-config-2')] },
    music: { image, config: share('music-config') },
  },
};
/** No journal of ours. */
const broken: Answers = {
  '/api/v1/namespaces/media/configmaps/lunward-music': [200, { kind: 'ConfigMap', data: { journal: 'no JSON' } }],
};
const off: Answers = { '/api/v1': [503, { kind: 'Status', message: 'it is starting' }] };

beforeEach(async () => {
  cluster = new StandInCluster();
  await cluster.start(folder.at('kubeconfig'));
  vi.stubEnv('KUBECONFIG', folder.at('kubeconfig'));
  folder.describe(described);
  cluster.answers = pods(pod('tv', 'tv-config'), pod('music', 'music-config'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await cluster.stop();
});

describe('lunward status', () => {
  it('shows all apps if none is named, with live volume, pod and next step', async () => {
    expect(await status([], { ...options(), json: true })).toBe(0);
    const live = (claim: string) => [{ mountPath: '/config', claim, by: 'description' }];
    const running = (name: string, claim: string) => [
      { name, node: 'node-a', phase: 'Running', ready: true, claims: { '/config': claim } },
    ];
    expect(resultIn(folder.said())).toMatchObject([
      {
        app: 'tv',
        live: live('tv-config'),
        pods: running('tv-1', 'tv-config'),
        next: expect.stringContaining('plan tv'),
      },
      { app: 'music', live: live('music-config'), pods: running('music-1', 'music-config'), next: expect.any(String) },
    ]);
    expect(cluster.asked.filter((path) => path.endsWith('/pods'))).toHaveLength(1);
  });

  it('shows only the named app, as text too', async () => {
    expect(await status(['tv'], options())).toBe(0);
    const said = folder.said();
    expect(said).toMatch(
      /^tv:\n {2}\/config: on claim tv-config .*\n {2}pod tv-1 on node-a: Running, ready, with claim tv-config\n {2}next: /,
    );
    expect(said).not.toContain('music');
  });

  it('shows the other apps if one fails', async () => {
    cluster.answers = { ...cluster.answers, ...broken };
    expect(await status([], { ...options(), json: true })).toBe(1);
    expect(resultIn(folder.said())).toMatchObject([
      { app: 'tv', next: expect.any(String) },
      { app: 'music', problem: expect.stringContaining('ConfigMap media/lunward-music') },
    ]);
    expect(await status([], options())).toBe(1);
    expect(folder.said()).toMatch(/^tv:\n.*\nmusic: failed: /s);
  });

  it('says that pods are unknown if they can’t be listed', async () => {
    const message = 'pods is forbidden: User "me" cannot list resource "pods" in API group ""';
    cluster.answers = { '/api/v1/namespaces/media/pods': [403, { kind: 'Status', message }] };
    expect(await status(['tv'], { ...options(), json: true })).toBe(0);
    expect(resultIn(folder.said())).toMatchObject([{ app: 'tv', pods: expect.stringContaining(message) }]);
  });

  it('fails once if the cluster is unreachable', async () => {
    cluster.answers = off;
    await expect(status([], options())).rejects.toThrow('it is starting');
    expect(folder.said()).toBe('');
  });

  it('rejects an app that is not described before it checks any', async () => {
    await expect(status(['tv', 'films'], options())).rejects.toThrow('films');
    expect(cluster.asked).toEqual([]);
  });
});

describe('lunward plan', () => {
  beforeEach(() => {
    folder.describe({ ...described, nodes: { 'node-a': { ssh: 'admin@192.0.2.210' } } });
    writeFileSync(folder.at('ssh'), '#!/bin/sh\nexit 255\n', { mode: 0o755 });
    vi.stubEnv('PATH', `${folder.at('')}:${process.env.PATH}`);
  });

  it('plans all apps if none is named, and the others if one fails', async () => {
    cluster.answers = { ...cluster.answers, ...broken };
    expect(await plan([], { ...options(), json: true })).toBe(3);
    const planned = resultIn(folder.said()) as object[];
    expect(planned).toContainEqual(expect.objectContaining({ app: 'tv', action: 'move', mountPath: '/config' }));
    expect(planned).toContainEqual({
      app: 'music',
      planned: {
        refusals: [
          {
            code: 'not-planned',
            subject: 'App "music"',
            found: expect.stringContaining('ConfigMap media/lunward-music'),
          },
        ],
      },
      remarks: [],
    });
  });

  it('fails once if the cluster is unreachable', async () => {
    cluster.answers = off;
    await expect(plan([], options())).rejects.toThrow('it is starting');
  });
});
