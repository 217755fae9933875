import { beforeAll, describe, expect, it } from 'vitest';
import { SshExecutor } from '../../../lib/executors/ssh';
import { sourceUsers } from '../../../lib/shell/source-users';
import { until } from '../until';
import { PORTAL, useLab, useSsh } from './fixture';

const fixture = useLab({ podsOn: [] });
useSsh(fixture);
const node = new SshExecutor({ name: 'node-a', ssh: 'admin@192.0.2.210' });
const FOLDER = '/volume2/state';
const SMALL = '/volume2/small';

async function mountsOf(path: string, server: string) {
  const report = await node.run(sourceUsers({ server, path }));
  if (report.result === 'declined') throw new Error(report.reason);
  return report.facts.mounts;
}

beforeAll(async () => {
  const { nas } = fixture.lab;
  for (const path of [FOLDER, SMALL]) await nas.exportNfs({ path, rootSquash: false });
  await nas.run('mkdir', ['-p', `/pool${FOLDER}/state`]);
});

describe('who uses a source', () => {
  it('is found in every namespace, under whatever name, above it and below', async () => {
    const machine = fixture.lab.node('node-a');
    const users = async (path: string, server = PORTAL) =>
      (await mountsOf(path, server)).filter(({ process }) => process === 0 || process === pid);
    let pid = 0;
    expect(await users(FOLDER)).toEqual([]);
    await machine.run('bash', [
      '-ec',
      'echo 192.0.2.200 nas.example.com >>/etc/hosts; mkdir -p "/mnt/the app" /mnt/bound',
    ]);
    await machine.run('mount', ['-t', 'nfs', '-o', 'nfsvers=4.2', `nas.example.com:${FOLDER}`, '/mnt/the app']);
    await machine.run('mount', ['--bind', '/mnt/the app/state', '/mnt/bound']);
    const hidden = `mount -t nfs -o nfsvers=3,nolock ${PORTAL}:${SMALL} /srv; exec sleep 10000`;
    await machine.run('systemd-run', ['--unit=hidden', '--property=PrivateMounts=yes', 'bash', '-ec', hidden]);
    pid = Number(await machine.run('systemctl', ['show', '--property=MainPID', '--value', 'hidden']));
    const app = { source: `nas.example.com:${FOLDER}`, mountpoint: '/mnt/the app', process: 0 };
    const bound = { source: `nas.example.com:${FOLDER}/state`, mountpoint: '/mnt/bound', process: 0 };
    await until('the mount that only one process sees', 60, async () => (await users(SMALL)).length > 0);
    expect(await users(FOLDER)).toEqual(expect.arrayContaining([app, bound]));
    expect(await users(`${FOLDER}/other`, 'nas.example.com')).toContainEqual(app);
    expect(await users(`${FOLDER}/other`)).not.toContainEqual(bound);
    expect(await users(`${FOLDER}-2`)).toEqual([]);
    expect(await users(FOLDER, '192.0.2.99')).toEqual([]);
    expect(await users('/volume2')).toContainEqual(bound);
    expect(await users(`${SMALL}/state`, 'nas.example.com')).toEqual([
      { source: `${PORTAL}:${SMALL}`, mountpoint: '/srv', process: pid },
    ]);
    expect(await node.run(sourceUsers({ server: 'no.such.example.com', path: FOLDER }))).toMatchObject({
      result: 'declined',
    });
    await machine.run('systemctl', ['stop', 'hidden']);
    await machine.run('umount', ['/mnt/bound', '/mnt/the app']);
  }, 900_000);
});
