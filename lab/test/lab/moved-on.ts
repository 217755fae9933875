import { beforeAll, expect, it } from 'vitest';
import { until } from '../until';
import { descriptionToNext, IQN, NEXT, SIZE } from './jellyfin';
import { inOrder, type JellyfinsLife, SETTINGS } from './jellyfins-life';
import { expectNothingLeftOn } from './nothing-left';
import { digestIn } from './operator';

/** An app on a LUN is moved to another LUN. */
export function movedOn(life: JellyfinsLife): void {
  const { kubectl, rows, claimOfPods } = life.seen;
  const lab = () => life.fixture.lab;

  async function migrated(): Promise<string> {
    const { stdout: planned, stderr } = await life.lunward('plan', 'jellyfin');
    console.log(planned, stderr);
    const done = await life.lunward('migrate', 'jellyfin', '--approve', digestIn(planned));
    console.log(done.stdout, done.stderr);
    expect([done.code, done.stderr], done.stdout).toEqual([0, '']);
    return `${planned}${done.stdout}`;
  }

  beforeAll(async () => {
    await lab().nas.createLun({ iqn: NEXT, lun: 1, size: SIZE });
    life.operator.describe(descriptionToNext());
  });

  it('is moved to another one, with all that it wrote, from the node that it runs on', async () => {
    const told = rows().length;
    const said = await migrated();
    expect(said).toContain('read where node-b has it mounted, read-only');
    expect(said).toContain(`from LUN 1 of ${IQN} to LUN 1 of ${NEXT} (claim jellyfin-config-3)`);
    expect(await claimOfPods()).toBe('jellyfin-config-3');
    const now = life.lastRow;
    await until('further rows', 60, async () => life.lastRow > now + 3);
    const since = rows().slice(told);
    expect(since).toEqual(inOrder(since));
    expect((await lab().nas.sessions()).map(({ iqn }) => iqn)).toEqual([NEXT]);
    await expectNothingLeftOn(lab().node('node-a'));
    expect((await lab().node('node-b').tryRun('ls', ['/run/lunward'])).stdout).toBe('');
  }, 1_200_000);

  it('has its settings as they were, and the seal of the new attempt alone', async () => {
    expect(await life.onLun('jellyfin-config-3', 'database.xml')).toBe(SETTINGS.replace('Optimistic', 'NoLock'));
    expect(await life.onLun('jellyfin-config-3', '.hidden file')).toBe('kept\n');
    expect(await life.onLun('jellyfin-config-3', '.lunward/marker')).toContain('volume=jellyfin-config-3\n');
    expect(life.lock.live).toEqual({ jellyfin: { '/config': 'jellyfin-config-3' } });
    expect(Object.keys(life.lock.sealed.jellyfin).sort()).toEqual(['jellyfin-config-2', 'jellyfin-config-3']);
    const journal = JSON.parse(await kubectl('get', 'configmap', 'lunward-jellyfin', '-o', 'jsonpath={.data.journal}'));
    expect(journal.before).toEqual({ '/config': 'jellyfin-config-2' });
    expect(journal.volumes['jellyfin-config-3'].at(-1)).toMatchObject({
      state: 'sealed',
      node: 'node-b',
      source: { uuid: life.lock.sealed.jellyfin['jellyfin-config-2'].uuid, attempt: 2 },
    });
  });

  it('is kept from every older generation', async () => {
    const expression = 'jsonpath={.spec.validations[0].expression}';
    const policy = await kubectl('get', 'validatingadmissionpolicy', 'lunward-media.jellyfin', '-o', expression);
    expect(policy).toContain('["jellyfin-config", "jellyfin-config-2"]');
    expect(policy).toContain(`["${IQN} 1"]`);
  });

  it('goes back to the one before, which was not written to, and whose guard lets it start', async () => {
    const before = await lab().nas.hashLun(life.lun);
    const { stdout: asked } = await life.lunward('rollback', 'jellyfin');
    expect(await lab().nas.hashLun(life.lun)).toBe(before);
    const { code, stdout, stderr } = await life.lunward('rollback', 'jellyfin', '--approve', digestIn(asked));
    console.log(stdout, stderr);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(await claimOfPods()).toBe('jellyfin-config-2');
    // It begins again with the numbers that the volume has.
    const told = life.seen.rows().length;
    await until('further rows', 60, () => life.seen.rows().length > told + 3);
  }, 1_200_000);
}
