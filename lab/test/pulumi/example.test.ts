import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { useProject } from './fixture';

const stacks = path.join(__dirname, '..', '..', '..', 'stacks');
const apps = ['jellyfin', 'prowlarr', 'radarr', 'sonarr'];

const fixture = useProject({ 'cluster.ts': readFileSync(path.join(stacks, 'cluster.ts'), 'utf8') });

test('the worked example comes up, two stacks side by side, with every claim bound and every pod ready', async () => {
  await fixture.project.initAndUp('shared');
  for (const pair of [apps.slice(0, 2), apps.slice(2)]) {
    await Promise.all(pair.map((app) => fixture.project.initAndUp(app)));
  }
  const claims = await fixture.get('pvc', '--namespace', 'media');
  expect(claims.items.map(({ metadata, status }) => [metadata.name, status.phase])).toEqual([
    ['jellyfin-cache', 'Bound'],
    ['jellyfin-config', 'Bound'],
    ['prowlarr-config', 'Bound'],
    ['radarr-config', 'Bound'],
    ['sonarr-config', 'Bound'],
  ]);
  const deployments = await fixture.get('deployment', '--namespace', 'media');
  expect(deployments.items.map(({ metadata, status }) => [metadata.name, status.readyReplicas])).toEqual(
    apps.map((app) => [app, 1]),
  );
});

test('a volume that is pre-bound is not taken by another claim', async () => {
  await fixture.controlPlane.kubectl(
    ['apply', '--filename', '-'],
    `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: thief, namespace: default }
spec: { storageClassName: "", volumeName: sonarr-config, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }`,
  );
  const volume = await fixture.get('pv', 'sonarr-config');
  expect(volume.spec.claimRef).toMatchObject({ namespace: 'media', name: 'sonarr-config' });
  expect((await fixture.get('pvc', 'thief', '--namespace', 'default')).status.phase).toBe('Pending');
});
