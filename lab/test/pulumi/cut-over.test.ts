import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ownerKindOf } from '../../../lib/owners/owner-kind';
import { isRunning } from '../process';
import { until } from '../until';
import { useProject } from './fixture';
import { HeldWrite } from './held-write';
import { describeMoved, MovedApp } from './moved-app';

const fixture = useProject({ 'cluster.ts': describeMoved() });
let sonarr: MovedApp;
let radarr: MovedApp;

/** The output of an `up` that must fail and change nothing. */
async function refused(app: MovedApp): Promise<string> {
  const before = await app.world();
  const { code, output } = await fixture.project.tryPulumi('up', '--yes', '--skip-preview', '--stack', app.name);
  expect(code).not.toBe(0);
  expect(await app.world()).toEqual(before);
  return output;
}

async function timed(what: string, work: Promise<void>): Promise<void> {
  const start = Date.now();
  await work;
  console.log(`${what}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

async function killEngine(app: MovedApp): Promise<void> {
  const engine = await app.engine();
  // Its plugins have process groups of their own, and would otherwise stay behind.
  const plugins = spawnSync('ps', ['-o', 'pid=', '--ppid', String(engine)], { encoding: 'utf8' }).stdout.match(/\d+/g);
  process.kill(-engine, 'SIGKILL');
  for (const plugin of plugins ?? []) if (isRunning(Number(plugin))) process.kill(Number(plugin), 'SIGKILL');
}

const hasVolume = async (name: string) =>
  (await fixture.get('pv')).items.some(({ metadata }) => metadata.name === name);

/** Moves it to its LUN unless it runs there: an earlier test may have failed. */
async function ensureMoved(app: MovedApp): Promise<void> {
  const [replicas, claim] = await app.runs();
  if (replicas === 1 && claim === `${app.name}-lun`) return;
  await app.turn('switched', 'lun');
  await app.finishOn('lun');
}

beforeAll(async () => {
  // As in the user's shell: programs inherit Lunward's environment.
  Object.assign(process.env, fixture.project.environment);
  [sonarr, radarr] = [new MovedApp(fixture, 'sonarr'), new MovedApp(fixture, 'radarr')];
  for (const stack of ['shared', 'sonarr', 'radarr']) await fixture.project.initAndUp(stack);
});

test('an app that runs as it is described may be moved', async () => {
  const live = await sonarr.client.read({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'sonarr', namespace: 'media' },
  });
  expect(live && ownerKindOf(live)).toBe('pulumi');
  expect(await sonarr.owner.refusals()).toEqual([]);
  expect(await sonarr.owner.replicas()).toBe(1);
});

test('while it is being moved `up` by hand does not stop it, and keeps it stopped once it is', async () => {
  await sonarr.turn('stopping');
  expect(await fixture.project.up('sonarr')).toMatch(/Resources:\s+7 unchanged/);
  expect(await sonarr.runs()).toEqual([1, 'sonarr-nfs']);
  await sonarr.owner.stop();
  expect(await sonarr.runs()).toEqual([0, 'sonarr-nfs']);
  const output = await fixture.project.up('sonarr');
  expect(output).toMatch(
    /apps\.sonarr is being moved by `lunward migrate` since .*: it is kept stopped until that has ended/,
  );
  expect(output).toMatch(/Resources:\s+7 unchanged/);
  expect(await sonarr.claims()).toEqual(['sonarr-nfs']);
  await timed('stop, of an app that is stopped', sonarr.owner.stop());
  await sonarr.turn('returning');
  await sonarr.owner.start();
  await until('Ready', 240, () => sonarr.isReady());
  await sonarr.owner.release();
  await fixture.project.up('sonarr');
  expect(await sonarr.runs()).toEqual([1, 'sonarr-nfs']);
  await sonarr.turn(undefined);
  await sonarr.assertSettled();
});

test('what else a move would change is told before, and so is who is in the way', async () => {
  const refusals = () => sonarr.owner.refusals();
  fixture.project.write({ 'cluster.ts': describeMoved({ sonarr: '4.0.16' }) });
  const image = /: update Deployment media\/sonarr: spec\.template\.spec\.containers\[0\]\.image$/;
  expect(await refusals()).toMatchObject([
    { code: 'not-applied', subject: 'stack sonarr', found: expect.stringMatching(image) },
  ]);
  fixture.project.write({ 'cluster.ts': describeMoved() });
  await fixture.controlPlane.kubectl(['scale', 'deployment/sonarr', '--namespace=media', '--replicas=2']);
  const replicas = /: spec\.replicas: runs 2, described 1$/;
  expect(await refusals()).toMatchObject([
    { code: 'deployment-differs', subject: 'Deployment media/sonarr', found: expect.stringMatching(replicas) },
  ]);
  await fixture.controlPlane.kubectl(['scale', 'deployment/sonarr', '--namespace=media', '--replicas=1']);
  mkdirSync(sonarr.folder, { recursive: true });
  const lock = path.join(sonarr.folder, 'theirs.json');
  writeFileSync(
    lock,
    JSON.stringify({ pid: 1, username: 'anna', hostname: 'elsewhere', timestamp: '2026-01-01T00:00:00Z' }),
  );
  const holder = /\banna@elsewhere \(process 1\) since 2026-01-01T00:00:00Z$/;
  expect(await refusals()).toMatchObject([
    { code: 'pulumi-stack-locked', subject: 'stack sonarr', found: expect.stringMatching(holder) },
  ]);
  rmSync(lock);
});

test('it is stopped, whoever has scaled it meanwhile', async () => {
  await sonarr.turn('stopping');
  await timed('stop', sonarr.owner.stop());
  expect(await sonarr.runs()).toEqual([0, 'sonarr-nfs']);
  await fixture.controlPlane.kubectl(['scale', 'deployment/sonarr', '--namespace=media', '--replicas=1']);
  await sonarr.owner.stop();
  expect(await sonarr.runs()).toEqual([0, 'sonarr-nfs']);
});

test('it is started on its new volume, behind its guard, and not waited for', async () => {
  await sonarr.seal();
  await sonarr.turn('switched', 'lun');
  await sonarr.owner.switchClaim();
  await timed('start, with a new volume', sonarr.owner.start());
  expect(await sonarr.runs()).toEqual([1, 'sonarr-lun']);
  const { metadata, spec } = await sonarr.deployment();
  expect(metadata.annotations?.['pulumi.com/skipAwait']).toBe('true');
  expect(spec.template.spec.initContainers[0]).toMatchObject({
    name: 'lunward-guard',
    args: ['lunward-guard', '/lunward', '1', 'sonarr-lun', '11111111-1111-4111-8111-111111111111'],
  });
  await until('Ready', 240, () => sonarr.isReady());
  expect(await sonarr.claims()).toEqual(['sonarr-lun', 'sonarr-nfs']);
});

test('once it runs nothing is left to be done, and no pod is started anew for it', async () => {
  const pods = await sonarr.pods();
  await timed('release', sonarr.owner.release());
  await sonarr.assertSettled();
  await sonarr.turn(undefined);
  await sonarr.assertSettled();
  expect((await sonarr.deployment()).metadata.annotations).not.toHaveProperty(['pulumi.com/skipAwait']);
  expect(await sonarr.pods()).toEqual(pods);
  await timed('start, of an app that is started', sonarr.owner.start());
});

test('an old checkout is refused, and told what it is', async () => {
  const away = `${sonarr.lockFile}.away`;
  renameSync(sonarr.lockFile, away);
  const output = await refused(sonarr);
  expect(output).toMatch(
    /\/config: the journal in the cluster says claim sonarr-lun since .*, lunward\.lock\.json says nothing/,
  );
  expect(output).toContain('`lunward status sonarr --write-lock`');
  renameSync(away, sonarr.lockFile);
});

test('a state that was lost does no harm, and the app can be adopted and moved again', async () => {
  await fixture.project.pulumi('stack', 'rm', '--force', '--yes', '--preserve-config', 'sonarr');
  await fixture.project.pulumi('stack', 'init', 'sonarr');
  expect(await refused(sonarr)).toContain('exists already and this stack did not make it');
  await fixture.project.pulumi('config', 'set', 'adopt', 'true', '--stack', 'sonarr');
  const before = await sonarr.world();
  await fixture.project.up('sonarr');
  await fixture.project.pulumi('config', 'rm', 'adopt', '--stack', 'sonarr');
  expect(await sonarr.world()).toEqual(before);
  await sonarr.assertSettled();
  await sonarr.turn('stopping');
  await sonarr.owner.stop();
  expect(await sonarr.runs()).toEqual([0, 'sonarr-lun']);
});

test('it goes back to the old volume, and the new one stays', async () => {
  await sonarr.turn('returning', 'nfs');
  await timed('switchClaim, on the way back', sonarr.owner.switchClaim());
  expect(await sonarr.runs()).toEqual([0, 'sonarr-nfs']);
  expect(await fixture.project.up('sonarr')).toMatch(/\d unchanged/);
  expect(await sonarr.runs()).toEqual([0, 'sonarr-nfs']);
  await sonarr.finishOn('nfs');
  await sonarr.assertSettled();
  expect(await sonarr.claims()).toEqual(['sonarr-lun', 'sonarr-nfs']);
});

test('an engine that is killed between two objects is followed by one that goes on', async () => {
  await radarr.turn('stopping');
  await radarr.owner.stop();
  await radarr.seal();
  await radarr.turn('switched', 'lun');
  const write = await HeldWrite.of(fixture, 'persistentvolumeclaims/radarr-lun');
  const straight = process.env.KUBECONFIG;
  process.env.KUBECONFIG = write.kubeconfig;
  const start = radarr.owner.start().catch((error: Error) => error);
  try {
    await write.whenHeld();
    await killEngine(radarr);
    expect(await start).toMatchObject({
      message:
        'Pulumi (stack radarr): `pulumi up` failed: it was killed\nDeployment media/radarr is to have 0 replicas, with radarr-nfs at /config.',
    });
  } finally {
    process.env.KUBECONFIG = straight;
    await write.close();
    await start;
  }
  expect(await hasVolume('radarr-lun')).toBe(true);
  expect(await radarr.claims()).toEqual(['radarr-nfs']);
  // Wherever it was killed: only here does it leave a file that no engine can read.
  writeFileSync(radarr.attributes, '');
  await radarr.finishOn('lun');
  await radarr.assertSettled();
});

test('what a killed engine made and did not write down is taken over where it is as described', async () => {
  await ensureMoved(radarr);
  const before = await radarr.world();
  await radarr.forgetInState('persistent-volume-radarr-lun', 'persistent-volume-claim-media/radarr-lun');
  await fixture.controlPlane.kubectl(['label', 'pv/radarr-lun', 'example.com/of=somebody']);
  try {
    expect(await refused(radarr)).toContain(
      'It is of the move that the journal knows, and is not as described: metadata.labels.example.com/of',
    );
  } finally {
    await fixture.controlPlane.kubectl(['label', 'pv/radarr-lun', 'example.com/of-']);
  }
  await fixture.project.up('radarr');
  expect(await radarr.world()).toEqual(before);
  await radarr.assertSettled();
});

test('an update outlives whoever began it, and is waited for by the next', async () => {
  await ensureMoved(radarr);
  await radarr.turn('stopping');
  const program = `const { PulumiOwner } = require('lunward/build/pulumi/owner.js'); const { ClusterClient } = require('lunward/build/kubernetes/cluster-client.js');
    new PulumiOwner({ client: new ClusterClient('home'), file: 'cluster.ts', app: 'radarr' }).stop();`;
  writeFileSync(
    path.join(fixture.project.folder, 'stop.cjs'),
    program.replaceAll('lunward/build', path.join(__dirname, '../../../build')),
  );
  const write = await HeldWrite.of(fixture, 'deployments/radarr');
  const command = spawn(process.execPath, ['stop.cjs'], {
    cwd: fixture.project.folder,
    env: { ...fixture.project.environment, KUBECONFIG: write.kubeconfig },
    stdio: 'inherit',
  });
  try {
    await write.whenHeld();
    const engine = await radarr.engine();
    command.kill('SIGKILL');
    await once(command, 'close');
    expect(radarr.locks()).toEqual([engine]);
    // The next is held up by the lock alone: it goes straight to the API server.
    let attempts = 0;
    await radarr
      .ownerThat(async () => {
        attempts++;
        if (attempts === 2) write.release();
      })
      .stop();
    expect(attempts).toBeGreaterThan(1);
  } finally {
    command.kill('SIGKILL');
    await write.close();
  }
  expect(await radarr.runs()).toEqual([0, 'radarr-lun']);
  await radarr.assertSettled();
});
