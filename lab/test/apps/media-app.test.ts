import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../engine/run';
import { until } from '../until';
import { MediaApps } from './media-app-process';

const apps = new MediaApps();
const database = () => join(apps.config, 'data/app.db');
const check = async (file = database()) => {
  const { code, stdout } = await run(apps.program, ['rows', file]);
  const facts = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  return { code, facts, count: Number(facts.count) };
};

describe('the databases', () => {
  it('are closed by a clean stop, and continued', async () => {
    const first = await apps.start();
    await first.whenRows(5);
    expect(existsSync(`${database()}-wal`)).toBe(true);
    expect(await first.end('SIGTERM')).toBe(0);
    expect(existsSync(`${database()}-wal`)).toBe(false);
    const before = await check();
    expect(before).toMatchObject({ code: 0, facts: { min: '1', gapless: 'true', changed: '0', integrity: 'ok' } });

    const second = await apps.start();
    await second.whenRows(before.count + 1);
    await second.end('SIGTERM');
    const after = await check();
    expect(after.facts).toMatchObject({ instance: before.facts.instance, gapless: 'true' });
    expect(after.count).toBeGreaterThan(before.count);
  });

  it('can be several, in any folder', async () => {
    const app = await apps.start({ APP_DATABASES: 'data/app.db:Library/Application Support/logs.db' });
    await app.whenLogged(/committed rows up to \d+ in Library\/Application Support\/logs\.db/);
    await app.end('SIGTERM');
    expect((await check(join(apps.config, 'Library/Application Support/logs.db'))).code).toBe(0);
  });

  it('are written to until a slow end', async () => {
    const app = await apps.start({ APP_STOP_SECONDS: '20' });
    await app.whenRows(2);
    app.kill('SIGTERM');
    await app.whenLogged(/ends in 20s/);
    const before = await app.rows();
    expect((await app.get('/health'))?.status).toBe(200);
    expect(await app.end()).toBe(0);
    expect((await check()).count).toBeGreaterThan(before);
  });

  it('stay open if the app does not handle the signal', async () => {
    const app = await apps.start({ APP_STOP_SIGNAL: 'SIGINT' });
    await app.whenRows(2);
    expect(await app.end('SIGTERM')).toBe(143);
    expect(existsSync(`${database()}-wal`)).toBe(true);
    const again = await apps.start({ APP_STOP_SIGNAL: 'SIGINT' });
    await again.whenRows(2);
    expect(await again.end('SIGINT')).toBe(0);
    expect(existsSync(`${database()}-wal`)).toBe(false);
  });

  it('are found damaged', async () => {
    const app = await apps.start();
    await app.whenRows(5);
    await app.end('SIGTERM');
    const bytes = readFileSync(database());
    const payload = bytes.lastIndexOf(/[0-9a-f]{64}/.exec(bytes.toString('latin1'))?.[0] ?? '');
    writeFileSync(
      database(),
      Buffer.concat([bytes.subarray(0, payload), Buffer.from('z'), bytes.subarray(payload + 1)]),
    );
    expect(await check()).toMatchObject({ code: 1, facts: { changed: '1', integrity: 'ok' } });
  });
});

describe('acknowledgements', () => {
  let server: Server;
  let acknowledged: string[];
  let address: string;
  beforeEach(async () => {
    acknowledged = [];
    server = createServer((socket) => {
      let rest = '';
      socket.on('data', (part) => {
        const lines = (rest + part).split('\n');
        rest = lines.pop() ?? '';
        acknowledged.push(...lines);
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => server.close());

  const rowsOf = (line = '') => Number(line.split(' ').at(-1));

  it('are kept even if the app is killed', async () => {
    const app = await apps.start({ APP_NAME: 'sonarr', APP_WRITE_MILLISECONDS: '1', APP_ACKNOWLEDGE: address });
    await until('many acknowledgements', 120, () => acknowledged.length >= 200);
    expect(await app.end('SIGKILL')).toBe('SIGKILL');
    const { code, facts, count } = await check();
    expect(acknowledged[0]).toBe(`sonarr data/app.db ${facts.instance} ${rowsOf(acknowledged[0])}`);
    expect(code).toBe(0);
    expect(count).toBeGreaterThanOrEqual(rowsOf(acknowledged.at(-1)));
    const again = await apps.start();
    await again.whenRows(count + 1);
  });

  it('need no listener, and reach one that connects later', async () => {
    await new Promise((resolve) => server.close(resolve));
    const app = await apps.start({ APP_ACKNOWLEDGE: address });
    await app.whenRows(5);
    server.listen(Number(address.split(':')[1]), '127.0.0.1');
    await until('an acknowledgement', 120, () => acknowledged.length > 0);
    // The fifth itself may just be on its way.
    expect(rowsOf(acknowledged[0])).toBeGreaterThanOrEqual(5);
  });
});

describe('a storage that fails', () => {
  it('shows in health and log, with SQLite’s messages, until it recovers', async () => {
    // A size limit makes every write beyond it fail, and needs no privileges.
    const app = await apps.start({}, { command: ['prlimit', '--fsize=60000:unlimited', apps.program] });
    await app.whenLogged(/\[ERR\] data\/app\.db: disk I\/O error/);
    await app.whenHealth('/health', 503);
    expect((await app.get('/health'))?.body).toContain('disk I/O error');
    const before = await app.rows();
    await run('prlimit', ['--pid', String(app.pid), '--fsize=unlimited:unlimited']);
    await app.whenHealth('/health', 200);
    await app.whenRows(before + 1);
    await app.end('SIGTERM');
    expect((await check()).code).toBe(0);
  });

  it('may be full', async ({ skip }) => {
    const namespace = ['unshare', '--user', '--map-root-user', '--mount'];
    const allowed = await run('unshare', [...namespace.slice(1), 'true']).catch(() => undefined);
    skip(allowed?.code !== 0, 'this machine allows no user namespaces');
    const mount = `mount -t tmpfs -o size=200k none "$APP_CONFIG_PATH" && exec "$0" "$@"`;
    const app = await apps.start({}, { command: [...namespace, 'sh', '-c', mount, apps.program] });
    await app.whenLogged(/\[ERR\] data\/app\.db: database or disk is full/);
    await app.whenHealth('/health', 503);
  });

  it('may be missing', async () => {
    writeFileSync(join(apps.config, 'data'), 'a file where the directory should be');
    const app = await apps.start();
    await app.whenHealth('/health', 503);
    await app.whenLogged(/\[ERR\] data\/app\.db: mkdir .* not a directory/);
    rmSync(join(apps.config, 'data'));
    await app.whenHealth('/health', 200);
  });
});

describe('the program', () => {
  it('waits as a pod’s sandbox', async () => {
    const app = await apps.start({ APP_HEALTH_PATH: '/api?mode=version /also' });
    await app.whenHealth('/api?mode=version', 200);
    expect((await app.get('/also'))?.status).toBe(200);
    expect((await app.get('/api'))?.status).toBe(404);
    const url = `http://127.0.0.1:${app.port}`;
    expect((await run(apps.program, ['fetch', `${url}/also`])).code).toBe(0);
    expect(await run(apps.program, ['fetch', `${url}/gone`])).toMatchObject({ code: 1 });
  });

  it('reports all problems of its environment', async () => {
    const app = await apps.start({ APP_PORT: '80:x', APP_STOP_SECONDS: '-1', APP_SETTINGS: 'app.ini' });
    expect(await app.end()).toBe(1);
    expect(app.log).toContain('APP_PORT');
    expect(app.log).toContain('APP_STOP_SECONDS must be a number of at least 0, got "-1"');
    expect(app.log).toContain('APP_SETTINGS must end in database.xml or config.xml, got "app.ini"');
  });
});
