import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Switch } from '../../machines/switch';
import { until } from '../until';

const BROADCAST = 0xffffffffffff;

/** The counterpart of QEMU for the switch: frames, each after its length, over a unix socket. */
class Card {
  readonly received: string[] = [];
  private constructor(
    readonly address: number,
    private readonly socket: Socket,
  ) {
    let pending = Buffer.alloc(0);
    socket.on('data', (data) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32BE(0)) {
        const length = pending.readUInt32BE(0);
        this.received.push(pending.subarray(4 + 14, 4 + length).toString());
        pending = pending.subarray(4 + length);
      }
    });
  }

  static connect(address: number, path: string): Promise<Card> {
    return new Promise((resolve, reject) => {
      const socket = connect(path, () => resolve(new Card(address, socket)));
      socket.once('error', reject);
    });
  }

  send(to: number, text: string): void {
    this.socket.write(frame(to, this.address, text));
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  end(): void {
    this.socket.destroy();
  }
}

function frame(to: number, from: number, text: string): Buffer {
  const header = Buffer.alloc(18);
  header.writeUInt32BE(14 + Buffer.byteLength(text));
  header.writeUIntBE(to, 4, 6);
  header.writeUIntBE(from, 10, 6);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('the switch', () => {
  let folder: string;
  let network: Switch;
  let a: Card;
  let b: Card;
  let c: Card;
  const card = (address: number, name: string) => Card.connect(address, join(folder, name));
  /** Sends a frame to all, which arrives after everything sent before it. */
  const flushed = async (from: Card, ...to: Card[]) => {
    from.send(BROADCAST, 'last');
    await until('frames that arrived', 60, () => to.every(({ received }) => received.includes('last')));
    for (const { received } of to) received.splice(received.indexOf('last'), 1);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lunward-switch-'));
    network = new Switch();
    for (const name of ['a', 'b', 'c']) await network.open(name, join(folder, name));
    [a, b, c] = (await Promise.all([card(2, 'a'), card(4, 'b'), card(6, 'c')])) as [Card, Card, Card];
  });
  afterEach(() => {
    for (const end of [a, b, c]) end.end();
    network.close();
    rmSync(folder, { recursive: true });
  });

  it('sends to all what nobody is known for, and to one what it has learned', async () => {
    a.send(4, 'who is 4?');
    await until('frames that arrived', 60, () => b.received.length === 1 && c.received.length === 1);
    b.send(2, 'me');
    await until('frames that arrived', 60, () => a.received.length === 1);
    a.send(4, 'hello');
    await flushed(a, b, c);
    expect([a.received, b.received, c.received]).toEqual([['me'], ['who is 4?', 'hello'], ['who is 4?']]);
  });

  it('takes frames that come in pieces, and several at once', async () => {
    const bytes = Buffer.concat([frame(BROADCAST, 2, 'one'), frame(BROADCAST, 2, 'two')]);
    a.write(bytes.subarray(0, 3));
    await new Promise((resolve) => setTimeout(resolve, 20));
    a.write(bytes.subarray(3, 25));
    await new Promise((resolve) => setTimeout(resolve, 20));
    a.write(bytes.subarray(25));
    await until('frames that arrived', 60, () => b.received.length === 2);
    expect(b.received).toEqual(['one', 'two']);
  });

  it('cuts one machine off, both ways, and mends it', async () => {
    network.cut('b');
    a.send(BROADCAST, 'to nobody');
    b.send(BROADCAST, 'from nobody');
    await flushed(a, c);
    expect([a.received, b.received]).toEqual([[], []]);
    network.mend('b');
    a.send(BROADCAST, 'again');
    await until('frames that arrived', 60, () => b.received.includes('again'));
  });

  it('loses its share, the same in every run', async () => {
    network.impair('b', { loss: 0.3 });
    for (let number = 0; number < 200; number++) a.send(BROADCAST, String(number));
    await until('frames that arrived', 60, () => c.received.length === 200);
    network.impair('b', {});
    await flushed(a, b);
    expect(b.received.length).toBeGreaterThan(100);
    expect(b.received.length).toBeLessThan(180);
  });

  it('delays, in order, and forgets what is under way', async () => {
    network.impair('b', { delayMilliseconds: 60 });
    const start = Date.now();
    a.send(BROADCAST, 'one');
    a.send(BROADCAST, 'two');
    await until('frames that arrived', 60, () => b.received.length === 2);
    expect(Date.now() - start).toBeGreaterThanOrEqual(55);
    expect(b.received).toEqual(['one', 'two']);
    // Longer than this test takes.
    network.impair('b', { delayMilliseconds: 600_000 });
    a.send(BROADCAST, 'lost');
    await until('frames that arrived', 60, () => c.received.includes('lost'));
    network.flush();
    network.impair('b', {});
    await flushed(a, b);
    expect(b.received).toEqual(['one', 'two']);
  });

  it('goes on with a machine that was started again', async () => {
    b.end();
    b = await card(4, 'b');
    a.send(BROADCAST, 'welcome');
    await until('frames that arrived', 60, () => b.received.includes('welcome'));
  });

  it('knows its machines', () => {
    expect(() => network.cut('d')).toThrow('no machine "d" on the storage network: expected a, b, c');
  });
});
