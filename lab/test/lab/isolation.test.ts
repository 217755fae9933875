import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../engine/run';
import { labRoot, openLab } from '../../open';
import { isRunning } from '../process';
import { until } from '../until';
import { useLab } from './fixture';

const fixture = useLab();

/** Every network socket of these processes that listens or has a peer. */
async function sockets(pids: readonly number[]): Promise<string[]> {
  const { stdout } = await run('ss', ['--no-header', '--numeric', '--processes', '--tcp', '--udp', '--all']);
  return stdout.split('\n').filter((line) => pids.some((pid) => line.includes(`pid=${pid},`)));
}

describe('a lab', () => {
  it('has sockets on the loopback alone', async () => {
    const { pids } = await fixture.lab.status();
    const own = await sockets(pids);
    expect(own.length).toBeGreaterThan(4);
    const addresses = own.map((line) => line.trim().split(/\s+/)[4] ?? '');
    expect(addresses.filter((address) => !/^(127\.0\.0\.1|\[::1\]):/.test(address))).toEqual([]);
  });

  it.each(['nas', 'node-a', 'node-b'])(
    'lets nothing of %s out, to the host as little as to the world',
    async (name) => {
      let visits = 0;
      const server = createServer((_, response) => {
        visits++;
        response.end('hello');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const machine = fixture.lab.machine(name);
      for (const [address, to] of [
        ['10.0.2.2', port],
        ['10.0.2.3', 53],
        ['192.0.2.1', port],
        ['198.51.100.1', 80],
        ['203.0.113.1', 443],
      ]) {
        const { code } = await machine.tryRun('socat', ['-u', `TCP4:${address}:${to},connect-timeout=3`, '-']);
        expect([address, code]).not.toEqual([address, 0]);
      }
      const { code } = await machine.tryRun('ping', ['-c', '1', '-W', '2', '198.51.100.1']);
      expect(code).not.toBe(0);
      server.close();
      expect(visits).toBe(0);
    },
  );

  it('keeps its secrets to its owner', async () => {
    const { pids } = await fixture.lab.status();
    const token = /token: (\S+)/.exec(readFileSync(fixture.lab.kubeconfig, 'utf8'))?.[1] ?? 'none';
    for (const pid of pids) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(token);
    const { stdout } = await run('stat', [
      '-c',
      '%a',
      fixture.lab.folder,
      fixture.lab.kubeconfig,
      join(fixture.lab.keys, 'id'),
    ]);
    expect(stdout).toBe('700\n600\n600\n');
  });

  it('takes no more than 6 GiB of memory, and of disk with all that it is made of', async () => {
    const { pids } = await fixture.lab.status();
    const resident = pids.map((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    });
    expect(resident.length).toBeGreaterThan(8);
    expect(resident.reduce((sum, kibibytes) => sum + kibibytes) / 1024).toBeLessThan(6 * 1024);
    const { saved, baseImage, boot } = JSON.parse(readFileSync(join(fixture.lab.folder, 'plan.json'), 'utf8')) as {
      saved: string;
      baseImage: string;
      boot: { payload: string };
    };
    const folders = [fixture.lab.folder, saved, dirname(baseImage), dirname(boot.payload), fixture.engine.folder];
    const { stdout } = await run('du', ['--summarize', '--total', '--block-size=1M', ...folders]);
    expect(Number(/(\d+)\ttotal/.exec(stdout)?.[1])).toBeLessThan(6 * 1024);
  });

  it('runs beside another one, and leaves nothing when it stops', async () => {
    const other = await openLab({ name: 'beside' });
    const { pids } = await other.status();
    const lun = { iqn: 'iqn.2000-01.com.example:mine', lun: 1, size: '64Mi' };
    await other.nas.createLun(lun);
    expect((await fixture.lab.nas.run('ls', ['/pool'])).includes('@luns')).toBe(false);
    await other.stop();
    expect(pids.filter(isRunning)).toEqual([]);
    expect(await sockets(pids)).toEqual([]);
    expect(existsSync(other.folder)).toBe(false);
    await fixture.lab.kubectl(['get', 'nodes']);
  });

  it('that is killed in the middle leaves no process, and the next one removes its folder', async () => {
    const owner = spawn(
      process.execPath,
      [join(__dirname, '../../../node_modules/jiti/lib/jiti-cli.mjs'), join(__dirname, 'owner.ts')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const folder = join(labRoot(), 'labs', 'killed');
    const supervisor = () => JSON.parse(readFileSync(join(folder, 'supervisor.json'), 'utf8')) as { pid: number };
    const machines = async () => (await run('pgrep', ['--full', 'qemu-system-x86_64.*killed'])).stdout;
    await until('machines that are starting', 240, async () => {
      return existsSync(join(folder, 'nas', 'qmp.sock'));
    });
    const { pid } = supervisor();
    process.kill(pid, 'SIGKILL');
    owner.kill('SIGKILL');
    await until('no process of it', 120, async () => !isRunning(pid) && !(await machines()));
    expect(existsSync(folder)).toBe(true);
    const next = await openLab({ name: 'killed' });
    expect((await next.kubectl(['get', 'nodes', '--output', 'name'])).split('\n')).toContain('node/node-a');
    await next.stop();
    expect(existsSync(folder)).toBe(false);
  });
});
