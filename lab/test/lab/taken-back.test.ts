import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lun } from '../../nas/nas';
import { until } from '../until';
import { PORTAL, useLab } from './fixture';
import { description, IQN, PATH, runJellyfin } from './jellyfin';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn, Operator } from './operator';
import { seenJellyfin } from './seen-jellyfin';
import { instancesOfApps } from './somebodys-app';

const fixture = useLab({ podsOn: ['node-b'] });
let operator: Operator;
let lun: Lun;
let digest: string;

const { kubectl, rows, claimOfPods, replicas } = seenJellyfin(fixture);

/** A move in the middle of which something happens that it must not go on with. */
async function failingMove(words: string, work: (said: () => string) => Promise<unknown>): Promise<string> {
  const { code, stdout, stderr } = await operator.meanwhile(words, work, 'migrate', 'jellyfin', '--approve', digest);
  console.log(stdout, stderr);
  expect(code, stdout).toBe(1);
  return stderr;
}

/** A database that has lost rows tells of their numbers again. @param last no row behind it is looked at */
function expectNoneLost(last = Number.POSITIVE_INFINITY): void {
  const told = rows().filter((row) => row <= last);
  expect(told).toHaveLength(new Set(told).size);
}

/** The app runs where it ran, with all that it had, and goes on; nothing of the try is left on nodes and NAS. */
async function expectAsBefore(): Promise<void> {
  expect([await replicas(), await claimOfPods()]).toEqual(['1', 'jellyfin-config']);
  const told = rows().length;
  await until('further rows', 120, () => rows().length > told + 3);
  expect(instancesOfApps(fixture.lab)).toHaveLength(1);
  expectNoneLost();
  expect(await fixture.lab.nas.sessions()).toEqual([]);
  await expectNothingLeftOn(fixture.lab.node('node-a'));
  const policies = await fixture.lab.kubectl(['get', 'validatingadmissionpolicy', '-o', 'name']);
  expect(policies).not.toContain('lunward');
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  operator = await Operator.of(fixture.lab, description());
  await nas.exportNfs({ path: PATH, rootSquash: false });
  lun = await nas.createLun({ iqn: IQN, lun: 1, size: '128Mi' });
  await runJellyfin(fixture.lab);
  digest = digestIn((await operator.lunward('plan', 'jellyfin')).stdout);
}, 1_200_000);
afterAll(() => operator?.remove());

describe('an app is started again where it was, and loses nothing', () => {
  it('where the NAS gives out another LUN once it is stopped: that one is not written to', async () => {
    const { nas } = fixture.lab;
    const other = await nas.createLun({ iqn: `${IQN}-other`, lun: 1, size: '128Mi' });
    const before = await nas.hashLun(other);
    const swapped = { undo: async () => {} };
    const stderr = await failingMove('stops jellyfin', async () =>
      Object.assign(swapped, await nas.mapWrongLun(lun, other)),
    );
    expect(stderr).toMatch(
      /jellyfin could not be moved: the last copy on node-a declined: .* planned with was 0x6001405/,
    );
    expect(stderr).toContain('It runs on its old volume again, nothing of it was written to or lost');
    expect(await nas.hashLun(other)).toBe(before);
    await swapped.undo();
    await expectAsBefore();
  }, 900_000);

  it('where a node still has the folder mounted, in whatever mount namespace: it is said which', async () => {
    const node = fixture.lab.node('node-a');
    const holds = `mount -t nfs -o nfsvers=4.2,ro ${PORTAL}:${PATH} /srv; exec sleep 10000`;
    const stderr = await failingMove('stops jellyfin', () =>
      node.run('systemd-run', ['--unit=holder', '--property=PrivateMounts=yes', 'bash', '-ec', holds]),
    );
    expect(stderr).toMatch(
      /jellyfin could not be moved: it is still in use, or may be, after 120 s: node-a has 192\.0\.2\.200:\/volume2\/kube-nfs\/v\/jellyfin-config mounted at \/srv, as process \d+ sees it\. It runs on its old volume again/,
    );
    await node.run('systemctl', ['stop', 'holder']);
    await expectAsBefore();
  }, 900_000);

  it('where its pod was deleted by force on a node that is out of reach: that is not taken for stopped', async () => {
    const stderr = await failingMove('stops jellyfin', async (said) => {
      const cut = await fixture.lab.cutControl('node-b');
      await kubectl('delete', 'pods', '--all', '--force', '--grace-period=0');
      // As somebody who reads what it says, and sees to the node.
      await until('it gives up', 600, () => said().includes('it is started again where it was'));
      await cut.undo();
      await operator.ssh.refresh();
    });
    expect(stderr).toMatch(
      /jellyfin could not be moved: it is still in use, or may be, after .*node node-b can't be looked at/,
    );
    await expectAsBefore();
  }, 1_800_000);
});

describe('an app that is being moved', () => {
  it("is nobody else's to start or to move, and is taken back where it is not well on its new volume", async () => {
    // Nothing answers there, wherever the app runs.
    operator.describe(description({ healthPath: '/no-such-page' }));
    digest = digestIn((await operator.lunward('plan', 'jellyfin')).stdout);
    const told: string[] = [];
    let last = 0;
    const meddle = async () => {
      last = Math.max(...rows());
      await kubectl('scale', 'deployment', 'jellyfin', '--replicas=1');
      await until('a pod that was refused', 60, async () =>
        (await kubectl('get', 'events', '-o', 'jsonpath={.items[*].message}')).includes('is being moved by lunward'),
      );
      expect(await claimOfPods()).toBe('');
      for (const command of ['migrate', 'rollback', 'verify', 'retire']) {
        told.push((await operator.lunward(command, 'jellyfin')).stderr);
      }
    };
    const stderr = await failingMove('jellyfin is down', meddle);
    for (const said of told) expect(said).toMatch(/is at work at this app \(lease media\/lunward-jellyfin\)/);
    expect(told).toHaveLength(4);
    expect(stderr).toMatch(
      /jellyfin is not well on its new volumes: \/no-such-page of the app answers 404 .*It was taken back, and runs on jellyfin-config as before; what it wrote meanwhile is kept on jellyfin-config-2/s,
    );
    expect([await replicas(), await claimOfPods()]).toEqual(['1', 'jellyfin-config']);
    expect(await fixture.lab.nas.sessions()).toEqual([]);
    const known = rows().length;
    await until('further rows', 120, () => rows().length > known + 3);
    // What it wrote behind that on the new volume stays there, and is written again on the old one.
    expectNoneLost(last);
  }, 1_200_000);

  it('is not moved there again', async () => {
    const { code, stdout } = await operator.lunward('plan', 'jellyfin');
    expect([code, stdout]).toEqual([1, expect.stringContaining('and jellyfin was taken back from it at')]);
  });
});
