import { expect, it } from 'vitest';
import { until } from '../until';
import { PORTAL } from './fixture';
import { PATH } from './jellyfin';
import type { TroubledMove } from './troubled-move';

/** Something happens after an app is stopped, and the app is rolled back. */
export function startedAgain(move: TroubledMove): void {
  const { kubectl } = move.seen;

  it('where the NAS gives out another LUN once it is stopped: that one is not written to', async () => {
    const { nas } = move.fixture.lab;
    const before = await nas.hashLun(move.other);
    const swapped = { undo: async () => {} };
    const stderr = await move.fails('stops jellyfin', async () =>
      Object.assign(swapped, await nas.mapWrongLun(move.lun, move.other)),
    );
    expect(stderr).toMatch(/jellyfin could not be moved: the last copy on node-a declined: .*\b0x6001405/);
    expect(stderr).toContain('It runs on its old volume again, nothing of it was written to or lost');
    expect(await nas.hashLun(move.other)).toBe(before);
    await swapped.undo();
    await move.expectAsBefore();
  }, 900_000);

  it('where a node still has the folder mounted, in whatever mount namespace: it is said which', async () => {
    const node = move.fixture.lab.node('node-a');
    const holds = `mount -t nfs -o nfsvers=4.2,ro ${PORTAL}:${PATH} /srv; exec sleep 10000`;
    const stderr = await move.fails('stops jellyfin', () =>
      node.run('systemd-run', ['--unit=holder', '--property=PrivateMounts=yes', 'bash', '-ec', holds]),
    );
    expect(stderr).toMatch(
      /jellyfin could not be moved: it is still in use, or may be, after 120 s: node-a has 192\.0\.2\.200:\/volume2\/kube-nfs\/v\/jellyfin-config mounted at \/srv, as process \d+ sees it\. It runs on its old volume again/,
    );
    await node.run('systemctl', ['stop', 'holder']);
    await move.expectAsBefore();
  }, 900_000);

  it('where its pod was deleted by force on a node that is out of reach: that is not taken for stopped', async () => {
    const stderr = await move.fails('stops jellyfin', async (said) => {
      const cut = await move.fixture.lab.cutControl('node-b');
      await kubectl('delete', 'pods', '--all', '--force', '--grace-period=0');
      // As an operator who reads the output, and repairs the node.
      await until('it gives up', 600, () => said().includes('starting it again on its old volumes'));
      await cut.undo();
      await move.first.ssh.refresh();
    });
    expect(stderr).toMatch(
      /jellyfin could not be moved: it is still in use, or may be, after .*node node-b can't be looked at/,
    );
    await move.expectAsBefore();
  }, 1_800_000);
}
