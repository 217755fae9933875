import { describe, expect, it } from 'vitest';
import { logIn, logOut, PORTAL, useLab } from './fixture';

const fixture = useLab();
const iqn = 'iqn.2000-01.com.example:kept';

const CONFIG_MAP = `
apiVersion: v1
kind: ConfigMap
metadata: { name: kept, namespace: default }
data: { value: before }
`;

/** What must be the same after every restore: objects, LUNs, files, processes and the boot of each machine. */
async function state(): Promise<unknown> {
  const { lab } = fixture;
  const boots = [];
  for (const machine of [lab.nas, ...lab.allNodes]) {
    boots.push(await machine.bootId(), await machine.run('sha256sum', ['/root/kept']));
  }
  return {
    object: await lab.kubectl(['get', 'configmap', 'kept', '--output', 'yaml']),
    hash: await lab.nas.hashLun({ iqn, lun: 1, name: 'kept-1' }),
    exports: await lab.nas.run('exportfs', ['-v']),
    luns: await lab.nas.run('ls', ['/pool/@luns']),
    device: await lab
      .node('node-a')
      .run('dd', [
        `if=/dev/disk/by-path/ip-${PORTAL}:3260-iscsi-${iqn}-lun-1`,
        'bs=4k',
        'count=1',
        'iflag=direct',
        'status=none',
      ]),
    boots,
  };
}

describe('a snapshot', () => {
  it('is one point in time of machines and control plane, and ten restores give the same', async () => {
    const { lab } = fixture;
    await lab.kubectl(['apply', '--filename', '-'], CONFIG_MAP);
    await lab.nas.createLun({ iqn, lun: 1, size: '64Mi' });
    const device = await logIn(lab.node('node-a'), iqn);
    await lab
      .node('node-a')
      .run('sh', ['-c', `printf kept | dd of=${device} bs=4k conv=sync oflag=direct status=none`]);
    for (const machine of [lab.nas, ...lab.allNodes]) await machine.write('/root/kept', `${machine.name} before\n`);
    await lab.snapshot('before');
    const kept = await state();
    for (let round = 1; round <= 10; round++) {
      await lab.kubectl(['patch', 'configmap', 'kept', '--patch', `{"data":{"value":"round ${round}"}}`]);
      await lab.node('node-a').run('dd', ['if=/dev/urandom', `of=${device}`, 'bs=4k', 'count=4', 'oflag=direct']);
      await lab.nas.exportNfs({ path: `/volume1/round-${round}` });
      await lab.node('node-b').write('/root/kept', `round ${round}\n`);
      // A fault that a restore must repair.
      if (round === 3) await lab.cutLink('node-b');
      if (round === 5) await lab.powerOff('node-a');
      await lab.restore('before');
      expect(await state()).toEqual(kept);
    }
    await logOut(lab.node('node-a'), iqn);
  }, 1_200_000);

  it('has clocks that are right after a restore', async () => {
    for (const machine of [fixture.lab.nas, ...fixture.lab.allNodes]) {
      const there = Number(await machine.run('date', ['+%s']));
      expect(Math.abs(there - Date.now() / 1000)).toBeLessThan(10);
    }
  });

  it('that does not exist is reported with the existing ones', async () => {
    await expect(fixture.lab.restore('after')).rejects.toThrow('there is no snapshot "after": expected before');
    await expect(fixture.lab.snapshot('before')).rejects.toThrow('there is a snapshot "before" already');
  });
});
