import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { ApiDoor } from './api-door';
import type { BegunCommand } from './begun-command';
import { onDevice, PORTAL, useLab } from './fixture';
import { applyFirstManifests, description, descriptionToNext, IQN, NEXT, PATH, runJellyfin, SIZE } from './jellyfin';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { errorIn } from './printed-json';
import { seenJellyfin } from './seen-jellyfin';
import { podsOfApps } from './somebodys-app';

/** How long the API server refuses connections, and then how long it does not answer. */
const AWAY_SECONDS = 30;
/** How long a busy machine may take to copy, stop or start the app. */
const PATIENCE_SECONDS = 480;

const fixture = useLab({ podsOn: ['node-b'] });
const { kubectl, journal, rowsGoOn, replicas, claimOfPods } = seenJellyfin(fixture);
let operator: Operator;
let door: ApiDoor;
let lun: Lun;

/** The shares that node-b has mounted, and which node is logged in to which target. */
async function mounted(): Promise<{ readonly shares: string[]; readonly sessions: string[] }> {
  const { nas } = fixture.lab;
  const { stdout } = await fixture.lab.node('node-b').tryRun('findmnt', ['-rno', 'SOURCE', '-t', 'nfs,nfs4']);
  const sessions = (await nas.sessions()).map(({ iqn, initiator }) => `${initiator.split(':').at(-1)} ${iqn}`);
  return { shares: stdout.split('\n').filter(Boolean), sessions };
}

const onShare = { shares: [`${PORTAL}:${PATH}`], sessions: [] };
const onLun = { shares: [], sessions: [`node-b ${IQN}`] };
const onNothing = { shares: [], sessions: [] };

function expectMounted(where: typeof onShare | typeof onLun | typeof onNothing): Promise<void> {
  return expect.poll(mounted, { timeout: 60_000, interval: 1000 }).toEqual(where);
}

async function expectRunsOn(claim: string, where: typeof onShare | typeof onLun): Promise<void> {
  expect([await replicas(), await claimOfPods()]).toEqual(['1', claim]);
  await rowsGoOn();
  await expectMounted(where);
  await expectNothingLeftOn(fixture.lab.node('node-a'));
}

const waitFor = (condition: string) =>
  kubectl('wait', 'deployment/jellyfin', `--for=${condition}`, `--timeout=${PATIENCE_SECONDS}s`);

/** Waits until a command has set the replicas of the app. */
function hasSetReplicas(command: BegunCommand, wanted: 0 | 1): Promise<unknown> {
  return command.during(waitFor(`jsonpath={.spec.replicas}=${wanted}`));
}

/** The latest state of a volume in the journal, and the change of the app that is under way there. */
async function recorded(volume: string): Promise<[state: string, phase: string | undefined]> {
  const { volumes, cutover } = await journal();
  return [volumes[volume].at(-1).state, cutover?.phase];
}

/** Asks the API server for a pod with a claim. It creates none. */
function podOn(claim: string): Promise<string> {
  const volumes = [{ name: 'config', persistentVolumeClaim: { claimName: claim } }];
  const containers = [{ name: 'app', image: 'example.com/app' }];
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'by-hand' }, spec: { containers, volumes } };
  const args = ['--namespace', 'media', 'create', '--dry-run=server', '--filename', '-'];
  return fixture.lab.kubectl(args, JSON.stringify(pod));
}
const refusedByFence = /ValidatingAdmissionPolicy 'lunward-media\.jellyfin'/;

/** Reports in the operator's folder: of moves, and those that could not be printed. */
function reports(): { readonly moved: string[]; readonly unprinted: string[] } {
  const folder = join(operator.folder, 'lunward-reports');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return {
    moved: files.filter((name) => /^jellyfin-\d{8}T/.test(name)),
    unprinted: files.filter((name) => /^jellyfin-migrate-\d{8}T/.test(name)),
  };
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  operator = await Operator.of(fixture.lab, description());
  door = await ApiDoor.of(fixture.lab);
  await nas.exportNfs({ path: PATH, rootSquash: false });
  lun = await nas.createLun({ iqn: IQN, lun: 1, size: SIZE });
  await nas.createLun({ iqn: NEXT, lun: 1, size: SIZE });
  await runJellyfin(fixture.lab);
}, 1_200_000);
afterAll(async () => {
  await door?.close();
  operator?.remove();
});

describe('an app that is being moved', () => {
  let digest: string;
  beforeAll(async () => {
    digest = digestIn((await operator.lunward('plan', 'jellyfin')).stdout);
    const prepared = await operator.lunward('migrate', 'jellyfin', '--until', 'prepare', '--approve', digest);
    expect(prepared.code, `${prepared.stdout}${prepared.stderr}`).toBe(0);
  }, 600_000);

  it('is started on its source again if the terminal is closed while it is down, and the last message is in a file', async () => {
    const codeFile = join(operator.folder, 'code');
    const command = operator.beginInTerminal(['migrate', 'jellyfin', '--approve', digest], codeFile);
    await hasSetReplicas(command, 0);
    command.kill();
    const code = () => (existsSync(codeFile) ? readFileSync(codeFile, 'utf8') : '');
    // By the signal of a closed terminal.
    expect(await until('the end of the command', PATIENCE_SECONDS, code)).toBe('129\n');
    expect(reports()).toEqual({ moved: [], unprinted: [expect.any(String)] });
    await expectRunsOn('jellyfin-config', onShare);
    expect(await recorded('jellyfin-config-2')).toEqual(['prepared', undefined]);
  }, 1_200_000);

  it(`is left alone if the API server refuses connections and then does not answer, ${AWAY_SECONDS} s each, while it starts; the report is in a file if its reader is gone`, async () => {
    const command = operator.begin(['migrate', 'jellyfin', '--approve', digest], door.kubeconfig);
    await hasSetReplicas(command, 0);
    command.closePipe();
    await hasSetReplicas(command, 1);
    await until('its pod', 300, async () => (await claimOfPods()) === 'jellyfin-config-2');
    const [pod] = (await podsOfApps(fixture.lab)).split(' ');
    const away = async () => {
      await sleep(AWAY_SECONDS * 1000);
      expect(await recorded('jellyfin-config-2')).toEqual(['sealed', 'switched']);
    };
    await door.whileRefusing(away);
    await door.whileSilent(away);
    const { code, stderr } = await command.ended;
    expect(code, stderr).toBe(0);
    expect(await podsOfApps(fixture.lab)).toBe(`${pod} 0\n`);
    await expectRunsOn('jellyfin-config-2', onLun);
    expect(await recorded('jellyfin-config-2')).toEqual(['sealed', undefined]);
    expect(reports().moved).toEqual([expect.any(String)]);
  }, 1_200_000);
});

describe('an app that is moved a second time, and is down with its copy sealed,', () => {
  it('is not started by its first manifests, nor on any volume that it has left', async () => {
    operator.describe(descriptionToNext());
    const approval = ['--approve', digestIn((await operator.lunward('plan', 'jellyfin')).stdout)];
    const { code, stdout, stderr } = await operator.lunward('migrate', 'jellyfin', '--until', 'stop', ...approval);
    expect(code, `${stdout}${stderr}`).toBe(0);
    expect([await replicas(), ...(await recorded('jellyfin-config-3'))]).toEqual(['0', 'sealed', 'stopping']);
    // The cluster accepts a Deployment without pods, and refuses each pod.
    await applyFirstManifests(fixture.lab);
    await kubectl('scale', 'deployment/jellyfin', '--replicas=1');
    await waitFor('condition=ReplicaFailure');
    for (const claim of ['jellyfin-config', 'jellyfin-config-2']) {
      await expect(podOn(claim), claim).rejects.toThrow(refusedByFence);
    }
    expect([await replicas(), await claimOfPods()]).toEqual(['1', '']);
    await expectMounted(onNothing);
  }, 1_200_000);

  it('is started on its source again if something wrote there since: the copy is given up', async () => {
    // Somebody takes the first manifests back.
    const volumes = [{ name: 'jellyfin-config', persistentVolumeClaim: { claimName: 'jellyfin-config-2' } }];
    const asItRan = { spec: { replicas: 0, template: { spec: { volumes } } } };
    await kubectl('patch', 'deployment', 'jellyfin', '--patch', JSON.stringify(asItRan));
    await onDevice(fixture.lab.node('node-a'), lun, 'mount "$1" /mnt; echo more >/mnt/by-hand; umount /mnt');
    const { code, stdout, stderr } = await operator.lunward('migrate', 'jellyfin', '--json');
    expect([code, errorIn(stdout).code], `${stdout}${stderr}`).toEqual([1, 'source-changed']);
    await expectRunsOn('jellyfin-config-2', onLun);
    expect(await recorded('jellyfin-config-3')).toEqual(['rolled-back', undefined]);
    expect(await kubectl('exec', 'deployment/jellyfin', '--', 'cat', '/config/by-hand')).toBe('more\n');
    const pods = await podsOfApps(fixture.lab);
    await expect(applyFirstManifests(fixture.lab)).rejects.toThrow(refusedByFence);
    expect([await replicas(), await podsOfApps(fixture.lab)]).toEqual(['1', pods]);
  }, 1_200_000);
});
