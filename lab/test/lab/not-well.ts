import { expect, it } from 'vitest';
import { until } from '../until';
import { descriptionToNext, IQN, NEXT, SIZE } from './jellyfin';
import { digestIn } from './operator';
import type { TroubledMove } from './troubled-move';

/** An app is rolled back from a volume on which it does not answer. */
export function notWellOnItsNewVolume(move: TroubledMove): void {
  const { kubectl, rows, claimOfPods, replicas } = move.seen;

  it("is nobody else's to start or to move, and is taken back where it is not well on its new volume", async () => {
    await move.nas.createLun({ iqn: NEXT, lun: 1, size: SIZE });
    // Nothing answers at that path, wherever the app runs.
    move.first.describe(descriptionToNext({ healthPath: '/no-such-page' }));
    move.digest = digestIn((await move.first.lunward('plan', 'jellyfin')).stdout);
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
        told.push((await move.first.lunward(command, 'jellyfin')).stderr);
      }
    };
    const stderr = await move.fails('jellyfin is down', meddle);
    for (const said of told) expect(said).toMatch(/is at work at this app \(lease media\/lunward-jellyfin\)/);
    expect(told).toHaveLength(4);
    expect(stderr).toMatch(
      /\/no-such-page of the app answers 404 .*It was rolled back, and runs on jellyfin-config-2 .*jellyfin-config-3/s,
    );
    expect([await replicas(), await claimOfPods()]).toEqual(['1', 'jellyfin-config-2']);
    expect((await move.nas.sessions()).map(({ iqn }) => iqn)).toEqual([IQN]);
    const known = rows().length;
    await until('further rows', 120, () => rows().length > known + 3);
    // What it wrote on the new volume afterwards stays there; on the old volume it writes the same rows again.
    const before = rows().filter((row) => row <= last);
    expect(before).toHaveLength(new Set(before).size);
  }, 1_200_000);

  it('is not moved there again', async () => {
    const { code, stdout } = await move.first.lunward('plan', 'jellyfin');
    expect([code, stdout]).toEqual([3, expect.stringContaining('and jellyfin was taken back from it at')]);
  });
}
