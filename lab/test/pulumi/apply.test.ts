import { expect, test } from 'vitest';
import { until } from '../until';
import { describeOneApp, useProject, written } from './fixture';

const fixture = useProject({ 'cluster.ts': describeOneApp() });

test('an app whose namespace is missing is told how to make it', async () => {
  await fixture.project.pulumi('stack', 'init', 'sonarr');
  const { code, output } = await fixture.project.tryPulumi('preview', '--stack', 'sonarr');
  expect(code).not.toBe(0);
  expect(output).toContain('"media" does not exist. Make it with `pulumi up --stack shared`');
});

test('`up` brings an app up, with its claim bound and its pod ready', async () => {
  await fixture.project.initAndUp('shared');
  const preview = await fixture.project.pulumi('preview', '--stack', 'sonarr');
  expect(preview).toMatch(/\+ 7 to create/);
  await fixture.project.up('sonarr');
  const claim = await fixture.get('pvc', 'sonarr-config', '--namespace', 'media');
  expect(claim.status.phase).toBe('Bound');
  const deployment = await fixture.get('deployment', 'sonarr', '--namespace', 'media');
  expect(deployment.status.readyReplicas).toBe(1);
});

test('a second `up` and a refresh change nothing, in state or cluster', async () => {
  const before = await fixture.get('deployment,service,pvc', '--namespace', 'media');
  expect(await fixture.project.up('sonarr')).toMatch(/Resources:\s+7 unchanged/);
  expect(await fixture.project.pulumi('refresh', '--yes', '--stack', 'sonarr')).toMatch(/Resources:\s+7 unchanged/);
  expect(await fixture.project.up('sonarr')).toMatch(/Resources:\s+7 unchanged/);
  const after = await fixture.get('deployment,service,pvc', '--namespace', 'media');
  expect(before.items).toHaveLength(3);
  expect(after.items.map(written)).toEqual(before.items.map(written));
});

test('an edit is applied as it stands on disk, and touches the Deployment alone', async () => {
  fixture.project.write({ 'cluster.ts': describeOneApp({ image: '4.0.16' }) });
  expect(await fixture.project.up('sonarr')).toMatch(/~ 1 updated\s+6 unchanged/);
  const deployment = await fixture.get('deployment', 'sonarr', '--namespace', 'media');
  expect(deployment.spec.template.spec.containers[0].image).toBe('lscr.io/linuxserver/sonarr:4.0.16');
});

test('an app at zero replicas is up at once', async () => {
  fixture.project.write({ 'cluster.ts': describeOneApp({ image: '4.0.16', more: 'replicas: 0,' }) });
  await fixture.project.up('sonarr');
  await until('no pod is left', 240, async () => {
    const { status } = await fixture.get('deployment', 'sonarr', '--namespace', 'media');
    return (status.replicas ?? 0) === 0;
  });
  fixture.project.write({ 'cluster.ts': describeOneApp({ image: '4.0.16' }) });
  await fixture.project.up('sonarr');
});

test('no secret of the kubeconfig is in the state', async () => {
  const kubeconfig = await import('node:fs').then((fs) => fs.readFileSync(fixture.controlPlane.kubeconfig, 'utf8'));
  const token = /token: (\S+)/.exec(kubeconfig)?.[1];
  expect(token).toBeTruthy();
  expect(await fixture.project.exportState('sonarr')).not.toContain(token);
});

test('an edge leads from each object to what it mentions', async () => {
  const state = JSON.parse(await fixture.project.exportState('sonarr')) as {
    deployment: { resources: { urn: string; dependencies?: string[] }[] };
  };
  const names = (urn: string) => urn.split('::').pop();
  const edges = Object.fromEntries(
    state.deployment.resources.map(({ urn, dependencies = [] }) => [names(urn), dependencies.map(names)]),
  );
  expect(edges['persistent-volume-claim-media/sonarr-config']).toEqual(['persistent-volume-sonarr-config']);
  expect(edges['deployment-media/sonarr']).toEqual(['persistent-volume-claim-media/sonarr-config']);
});
