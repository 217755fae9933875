import { expect } from 'vitest';
import { until } from '../until';
import type { LabFixture } from './fixture';
import { IQN, SIZE } from './jellyfin';
import { devicePath, PORTAL } from './log-in';

const WRITES = 'while sleep 1; do echo row >>/data/rows; sync; done';
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'neighbour', namespace: 'default' },
  spec: {
    nodeName: 'node-b',
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'neighbour',
        image: 'lscr.io/linuxserver/jellyfin:10.11.5',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', WRITES],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data', iscsi: { targetPortal: `${PORTAL}:3260`, iqn: IQN, lun: 2, fsType: 'ext4' } }],
  },
};

/**
 * Two other LUNs of the target of Jellyfin, which are written to once a second: LUN 1 on node-a, where somebody has
 * mounted it by hand, and LUN 2 on node-b, by a pod.
 */
export class OtherLuns {
  constructor(private readonly fixture: LabFixture) {}

  async use(): Promise<void> {
    const { lab } = this.fixture;
    for (const lun of [1, 2]) await lab.nas.formatLun(await lab.nas.createLun({ iqn: IQN, lun, size: SIZE }), 'ext4');
    const node = lab.node('node-a');
    // As a kubelet does it: the node is shown only the LUN that is wanted.
    const target = `-T ${IQN} -p ${PORTAL}:3260`;
    const show = `iscsiadm -m node ${target} -o new; iscsiadm -m node ${target} -o update -n node.session.scan -v manual
      iscsiadm -m node ${target} --login
      for scan in /sys/class/scsi_host/host*/scan; do echo '0 0 1' >"$scan"; done`;
    await node.run('bash', ['-ec', show]);
    const use = `udevadm settle; mkdir -p /data; mount "$1" /data; systemd-run --unit=neighbour bash -c '${WRITES}'`;
    await node.run('bash', ['-ec', use, 'bash', devicePath({ iqn: IQN, lun: 1 })]);
    await lab.kubectl(['apply', '--filename', '-'], JSON.stringify(POD));
    await lab.kubectl(['wait', 'pod/neighbour', '--for=condition=Ready', '--timeout=240s']);
    await until(
      'rows of others',
      60,
      () => this.rows().catch(() => []),
      (found) => found.length === 2,
    );
  }

  /** How many rows each has. */
  async rows(): Promise<readonly number[]> {
    const { lab } = this.fixture;
    const count = ['grep', '-c', 'row', '/data/rows'];
    const onB = lab.kubectl(['exec', 'neighbour', '--', ...count]);
    return (await Promise.all([lab.node('node-a').run('grep', count.slice(1)), onB])).map(Number);
  }

  /** Both are written to as before, by the same processes. */
  async goOn(before: readonly number[]): Promise<void> {
    const now = await this.rows();
    expect(now.map((count, index) => count > (before[index] ?? 0))).toEqual([true, true]);
    const restarts = ['get', 'pod', 'neighbour', '-o', 'jsonpath={.status.containerStatuses[*].restartCount}'];
    expect(await this.fixture.lab.kubectl(restarts)).toBe('0');
    await this.fixture.lab.node('node-a').run('systemctl', ['is-active', 'neighbour']);
  }

  /** Numbers of the LUNs of the target that a node has disks of. */
  async lunsOn(node: string): Promise<number[]> {
    const links = await this.fixture.lab.node(node).run('ls', ['/dev/disk/by-path']);
    const found = [...links.matchAll(new RegExp(`-iscsi-${IQN}-lun-(\\d+)$`, 'gm'))];
    return found.map(([, number]) => Number(number)).sort();
  }
}
