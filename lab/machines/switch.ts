import { createServer, type Server, type Socket } from 'node:net';

/** What happens to frames on their way to and from a machine. */
export interface Impairment {
  /** Each way. @default 0 */
  readonly delayMilliseconds?: number;
  /** Share of the frames that get lost, each way, from 0 to 1. @default 0 */
  readonly loss?: number;
}

const ETHERNET_HEADER = 14;
const LENGTH_BYTES = 4;
const LARGEST_FRAME = 65_550;
/** A machine that does not take frames gets no more than this; a real switch has no endless memory either. */
const LARGEST_QUEUE = 4 * 1024 * 1024;

/**
 * The storage network: a learning switch with a port a machine, each a unix socket that QEMU connects to
 * (`-netdev stream`, which puts a length of four bytes before each frame). It outlives every machine.
 */
export class Switch {
  private readonly ports = new Map<string, Port>();
  private readonly learned = new Map<number, Port>();

  /** Listens for the machine of this name on a unix socket. */
  async open(name: string, path: string): Promise<void> {
    const port = new Port((frame) => this.forward(port, frame));
    this.ports.set(name, port);
    await port.listen(path);
  }

  /** Nothing passes from or to the machine any more, as if its cable were pulled behind the switch. */
  cut(name: string): void {
    this.port(name).isCut = true;
  }

  mend(name: string): void {
    this.port(name).isCut = false;
  }

  impair(name: string, impairment: Impairment): void {
    this.port(name).impairment = impairment;
  }

  /** What is under way gets lost: machines that went back in time must not see it. */
  flush(): void {
    for (const port of this.ports.values()) port.flush();
  }

  close(): void {
    for (const port of this.ports.values()) port.close();
  }

  private port(name: string): Port {
    const port = this.ports.get(name);
    if (!port)
      throw new Error(`no machine "${name}" on the storage network: expected ${[...this.ports.keys()].join(', ')}`);
    return port;
  }

  private forward(from: Port, frame: Buffer): void {
    this.learned.set(frame.readUIntBE(6, 6), from);
    const isGroupAddress = ((frame[0] ?? 0) & 1) === 1;
    const to = isGroupAddress ? undefined : this.learned.get(frame.readUIntBE(0, 6));
    if (to) {
      if (to !== from) to.send(frame);
    } else {
      for (const port of this.ports.values()) if (port !== from) port.send(frame);
    }
  }
}

class Port {
  isCut = false;
  impairment: Impairment = {};
  private server: Server | undefined;
  private socket: Socket | undefined;
  private pending: Buffer = Buffer.alloc(0);
  private epoch = 0;
  // Losses must be the same in every run of a test.
  private random = 1;

  constructor(private readonly onFrame: (frame: Buffer) => void) {}

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server = createServer((socket) => this.attach(socket));
      this.server.once('error', reject);
      this.server.listen(path, resolve);
    });
  }

  send(frame: Buffer): void {
    this.pass(() => {
      if (!this.socket || this.socket.writableLength > LARGEST_QUEUE) return;
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(frame.length);
      this.socket.cork();
      this.socket.write(length);
      this.socket.write(frame);
      process.nextTick(() => this.socket?.uncork());
    });
  }

  flush(): void {
    this.epoch++;
  }

  close(): void {
    this.server?.close();
    this.socket?.destroy();
  }

  private attach(socket: Socket): void {
    // A machine that was started again; its former process is gone.
    this.socket?.destroy();
    this.socket = socket;
    this.pending = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (data) => this.receive(data));
    socket.on('close', () => {
      if (this.socket === socket) this.socket = undefined;
    });
  }

  private receive(data: Buffer): void {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    let start = 0;
    while (this.pending.length - start >= LENGTH_BYTES) {
      const length = this.pending.readUInt32BE(start);
      if (length > LARGEST_FRAME) {
        this.socket?.destroy();
        return;
      }
      if (this.pending.length - start < LENGTH_BYTES + length) break;
      start += LENGTH_BYTES;
      const frame = this.pending.subarray(start, start + length);
      start += length;
      if (frame.length >= ETHERNET_HEADER) this.pass(() => this.onFrame(frame));
    }
    this.pending = this.pending.subarray(start);
  }

  private pass(deliver: () => void): void {
    const { delayMilliseconds = 0, loss = 0 } = this.impairment;
    if (this.isCut || (loss > 0 && this.draw() < loss)) return;
    if (delayMilliseconds === 0) {
      deliver();
      return;
    }
    const epoch = this.epoch;
    setTimeout(() => {
      if (epoch === this.epoch && !this.isCut) deliver();
    }, delayMilliseconds);
  }

  /** The minimal standard generator of Park and Miller. */
  private draw(): number {
    this.random = (this.random * 48_271) % 2_147_483_647;
    return this.random / 2_147_483_647;
  }
}
