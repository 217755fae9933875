import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Egress } from '../../control-plane/egress';
import { forward } from '../../control-plane/forward';

const folder = mkdtempSync(join(tmpdir(), 'lunward-sockets-'));
const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, onConnection);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Everything that the other side sends until its end; this side may still send after that. */
function text(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    socket.setEncoding('utf8').on('data', (more: string) => {
      received += more;
    });
    socket.once('end', () => resolve(received));
    socket.once('error', reject);
  });
}

describe('a forward', () => {
  it('passes on what comes after the other side has said everything', async () => {
    // Answers only when the request is complete: both directions end separately.
    const port = await listen(async (socket) => {
      const received = await text(socket).catch(() => '');
      socket.end(`${received.length} bytes, ${'x'.repeat(1_000_000)}`);
    });
    const socket = join(folder, 'half.sock');
    servers.push(await forward(socket, port));
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    for (const length of [1, 3_000_000]) {
      const client = connect({ path: socket, allowHalfOpen: true });
      client.end('x'.repeat(length));
      expect(await text(client)).toMatch(new RegExp(`^${length} bytes, x{1000000}$`));
    }
  });

  it('closes what it can not forward', async () => {
    const socket = join(folder, 'none.sock');
    servers.push(await forward(socket, 1));
    expect(await text(connect(socket))).toBe('');
  });

  it('cuts both sides when one breaks', async () => {
    const port = await listen((socket) => {
      socket.write('hello');
      socket.once('data', () => socket.resetAndDestroy());
    });
    const socket = join(folder, 'broken.sock');
    servers.push(await forward(socket, port));
    const client = connect(socket);
    client.on('error', () => {});
    await new Promise((resolve) => client.once('data', resolve));
    client.write('and now break');
    await new Promise<void>((resolve) => client.once('close', () => resolve()));
  });
});

describe('the proxy for the API server', () => {
  it('takes CONNECT only, and only to a kubelet that is known', async () => {
    const path = join(folder, 'egress.sock');
    const egress = await Egress.listen(path, ['node-a']);
    servers.push(egress.server);
    const plain = request({ socketPath: path, path: '/' }).end();
    const status = await new Promise((resolve) => plain.once('response', (response) => resolve(response.statusCode)));
    expect(status).toBe(405);

    const port = await listen((socket) => socket.pipe(socket));
    await egress.set('node-a', { address: '192.0.2.210', port });
    const ask = (target: string) => {
      const client = connect({ path, allowHalfOpen: true });
      client.write(`CONNECT ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nearly`);
      return client;
    };
    const good = ask('192.0.2.210:10250');
    good.end(' and late');
    expect(await text(good)).toBe('HTTP/1.1 200 OK\r\n\r\nearly and late');
    for (const target of ['192.0.2.210:22', '192.0.2.9:10250', '127.0.0.1:10250']) {
      expect(await text(ask(target))).toMatch(`HTTP/1.1 502 no kubelet is at ${target}, known are: node-a at`);
    }
    const broken = connect(path);
    broken.end('\0\0\r\n\r\n');
    await text(broken).catch(String);
  });
});
