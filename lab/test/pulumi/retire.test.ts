import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { useProject, written } from './fixture';
import { describeMoved, MovedApp } from './moved-app';

const fixture = useProject({ 'cluster.ts': describeMoved() });
let radarr: MovedApp;

const lunward = (...args: string[]) => fixture.project.lunward('/usr/bin', 'retire', 'radarr', ...args);
const volumes = async () => (await fixture.get('pv')).items.map(({ metadata }) => metadata.name);

beforeAll(async () => {
  Object.assign(process.env, fixture.project.environment);
  radarr = new MovedApp(fixture, 'radarr');
  for (const stack of ['shared', 'radarr']) await fixture.project.initAndUp(stack);
});

test('a generation that is live, or that nothing was moved from, is not retired', async () => {
  expect(await lunward()).toMatchObject({ code: 0, output: expect.stringContaining('there is nothing to retire') });
  expect(await volumes()).toEqual(['radarr-nfs']);
});

test('an app that is being moved is left alone', async () => {
  await radarr.turn('stopping');
  await radarr.owner.stop();
  await radarr.seal();
  await radarr.turn('switched', 'lun');
  expect(await lunward()).toMatchObject({
    code: 3,
    output: expect.stringMatching(/^radarr is changing its volumes since .* Nothing was retired/),
  });
  await radarr.finishOn('lun');
});

test('state, cluster, lock and description let go of it', async () => {
  const before = await radarr.deployment();
  const asked = await lunward();
  expect(asked).toMatchObject({ code: 3, output: expect.stringContaining('--approve') });
  expect(await radarr.claims()).toEqual(['radarr-lun', 'radarr-nfs']);
  const [, digest = ''] = /digest (\w+)/.exec(asked.output) ?? [];
  const { code, output } = await lunward('--approve', digest);
  expect([code, output]).toEqual([0, expect.stringContaining('radarr-nfs: removed')]);
  expect(output).toContain("write { name: 'radarr-nfs', volume: […] } around");
  expect(await radarr.claims()).toEqual(['radarr-lun']);
  expect(await volumes()).toEqual(['radarr-lun']);
  expect(written(await radarr.deployment())).toEqual(written(before));
  await radarr.assertSettled();
  expect(await lunward()).toMatchObject({ code: 0, output: expect.stringContaining('there is nothing to retire') });
});

test('an old lock does not bring it back, and its line may go', async () => {
  const lock = readFileSync(radarr.lockFile, 'utf8');
  writeFileSync(radarr.lockFile, JSON.stringify({ ...JSON.parse(lock), retired: {} }));
  const { code, output } = await fixture.project.tryPulumi('up', '--yes', '--skip-preview', '--stack', 'radarr');
  expect([code === 0, output]).toEqual([
    false,
    expect.stringContaining('the journal in the cluster says that claim radarr-nfs was retired'),
  ]);
  writeFileSync(radarr.lockFile, lock);
  // As `lunward retire` tells its user to do.
  const left = describeMoved().replace(
    /config: \[\n.*'radarr-nfs'.*\n(.*)\n\s*\]/,
    "config: { name: 'radarr-nfs', volume: [\n$1\n  ] }",
  );
  expect(left).not.toContain("nfs({ name: 'radarr-nfs'");
  fixture.project.write({ 'cluster.ts': left });
  await radarr.assertSettled();
});
