import { expect, test } from 'vitest';
import { describeOneApp, useProject } from './fixture';

const withCache = () =>
  describeOneApp({
    more: "mounts: { '/cache': claim({ name: 'sonarr-cache', size: '1Gi', storageClassName: 'local-path', disposable: true }) },",
  });

const fixture = useProject({ 'cluster.ts': withCache() });

/** What must be the same before and after a refusal. */
async function world(): Promise<unknown> {
  const objects = await fixture.get('pv,pvc,deployment,pod', '--namespace', 'media');
  return [await fixture.get('namespace', 'media'), ...objects.items].map(({ metadata, spec }) => ({
    name: metadata.name,
    uid: metadata.uid,
    spec,
  }));
}

async function refused(...args: readonly string[]): Promise<string> {
  const before = await world();
  const { code, output } = await fixture.project.tryPulumi(...args, '--stack', 'sonarr');
  expect(code, output).not.toBe(0);
  expect(await world()).toEqual(before);
  return output;
}

test('everything is up', async () => {
  await fixture.project.initAndUp('shared');
  await fixture.project.initAndUp('sonarr');
});

test.each([
  ['preview', ['preview']],
  ['up', ['up', '--yes']],
  ['up without a preview', ['up', '--yes', '--skip-preview']],
])('%s refuses another LUN under the same name', async (_, args) => {
  fixture.project.write({ 'cluster.ts': describeOneApp({ lun: 2 }) });
  const output = await refused(...args);
  expect(output).toContain('PersistentVolume sonarr-config holds data and is neither replaced nor destroyed');
  expect(output).toContain('further generation');
});

test('a volume whose line is gone is refused, and told how to keep it', async () => {
  fixture.project.write({
    'cluster.ts': describeOneApp({
      config: `nfs({ name: 'sonarr-nfs', server: '192.0.2.200', path: '/volume1/sonarr', size: '1Gi' })`,
    }),
  });
  const output = await refused('up', '--yes');
  expect(output).toContain('sonarr-config holds data and is not deleted');
  expect(output).toContain('Put its line back');
});

test('a lock edited by hand does not switch the app to another volume', async () => {
  const first = `iscsi({ name: 'sonarr-config', targetPortal: '192.0.2.200:3260', iqn: 'iqn.2000-01.com.example:sonarr', lun: 1, size: '1Gi' })`;
  const second = `nfs({ name: 'sonarr-nfs', server: '192.0.2.200', path: '/volume1/sonarr', size: '1Gi' })`;
  fixture.project.write({
    'cluster.ts': describeOneApp({ config: `[${first}, ${second}]` }),
    'lunward.lock.json': JSON.stringify({ version: 1, live: { sonarr: { '/config': 'sonarr-nfs' } } }),
  });
  expect(await refused('preview')).toContain('sonarr-config holds data');
  fixture.project.write({ 'lunward.lock.json': JSON.stringify({ version: 1, live: {} }), 'cluster.ts': withCache() });
});

test('destroy is refused, with the program and without', async () => {
  expect(await refused('destroy', '--yes')).toContain('--run-program');
  expect(await refused('destroy', '--yes', '--run-program')).toContain(
    'holds data and is neither replaced nor destroyed',
  );
});

test('the namespace, which would take every claim along, is kept too', async () => {
  const before = await world();
  const { code, output } = await fixture.project.tryPulumi('destroy', '--yes', '--run-program', '--stack', 'shared');
  expect(code).not.toBe(0);
  expect(output).toContain('Namespace media holds data');
  expect(await world()).toEqual(before);
});

test('a disposable claim goes when its line goes, and data stays', async () => {
  fixture.project.write({ 'cluster.ts': describeOneApp() });
  await fixture.project.up('sonarr');
  const claims = await fixture.get('pvc', '--namespace', 'media');
  expect(claims.items.map(({ metadata }) => metadata.name)).toEqual(['sonarr-config']);
  fixture.project.write({ 'cluster.ts': withCache() });
  await fixture.project.up('sonarr');
});

test('out of Pulumi’s care, as the message says, a volume stays in the cluster', async () => {
  fixture.project.write({ 'cluster.ts': withCache() });
  const before = await fixture.get('pv', 'sonarr-config');
  const state = JSON.parse(await fixture.project.exportState('sonarr')) as {
    deployment: { resources: { urn: string }[] };
  };
  const urns = state.deployment.resources.map(({ urn }) => urn);
  const urn = (name: string) => urns.find((candidate) => candidate.endsWith(`::${name}`)) ?? '';
  for (const name of [
    'deployment-media/sonarr',
    'persistent-volume-claim-media/sonarr-config',
    'persistent-volume-sonarr-config',
  ]) {
    await fixture.project.pulumi('state', 'delete', '--yes', urn(name), '--stack', 'sonarr');
  }
  const after = await fixture.get('pv', 'sonarr-config');
  expect(after.metadata.uid).toBe(before.metadata.uid);
  const { output } = await fixture.project.tryPulumi('preview', '--stack', 'sonarr');
  expect(output).toContain('exists already and this stack did not make it');
});
