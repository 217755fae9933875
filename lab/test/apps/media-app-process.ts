import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { findEngine } from '../../engine/engine';
import { until } from '../until';

/** A media-app that runs on this machine. */
export class MediaAppProcess {
  private text = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {
    const note = (part: Buffer) => {
      this.text += part.toString();
    };
    child.stdout?.on('data', note);
    child.stderr?.on('data', note);
  }

  /** @param command the program, after the words of a command that starts it */
  static async start(
    command: readonly string[],
    environment: Readonly<Record<string, string>>,
    port?: number,
  ): Promise<MediaAppProcess> {
    const own = port ?? (await freePort());
    const [program = '', ...args] = [...command, 'serve'];
    const env = { PATH: process.env.PATH, APP_PORT: String(own), ...environment };
    return new MediaAppProcess(spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }), own);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get log(): string {
    return this.text;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Its exit code, or the signal that ended it. */
  async end(signal?: NodeJS.Signals): Promise<number | string> {
    if (signal) this.kill(signal);
    await until('the app ends', 120, () => this.hasEnded);
    return this.child.exitCode ?? this.child.signalCode ?? 'unknown';
  }

  /** Status and body of a path; undefined while nothing listens. */
  async get(path: string): Promise<{ status: number; body: string; location: string | null } | undefined> {
    const url = `http://127.0.0.1:${this.port}${path}`;
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(60_000) }).catch(() => undefined);
    return answer && { status: answer.status, body: await answer.text(), location: answer.headers.get('location') };
  }

  /** The highest row of the first database. */
  async rows(): Promise<number> {
    const answer = await this.get('/rows');
    const states = JSON.parse(answer?.body ?? '[]') as { max: number }[];
    return states[0]?.max ?? 0;
  }

  whenLogged(pattern: RegExp): Promise<boolean> {
    return until(
      () => `${pattern} in the log:\n${this.text}`,
      120,
      () => pattern.test(this.text),
    );
  }

  whenHealth(path: string, status: number): Promise<boolean> {
    return until(`${path} answers ${status}`, 120, async () => (await this.get(path))?.status === status);
  }

  whenRows(least: number): Promise<boolean> {
    return until(`${least} rows`, 120, async () => (await this.rows()) >= least);
  }
}

/** What the tests of one file share: the program, and a separate config directory for each test. */
export class MediaApps {
  program = '';
  config = '';
  private running: MediaAppProcess[] = [];

  constructor() {
    beforeAll(async () => {
      this.program = (await findEngine()).program('media-app');
    });
    beforeEach(() => {
      this.config = mkdtempSync(join(tmpdir(), 'lunward-media-app-'));
    });
    afterEach(async () => {
      for (const app of this.running.splice(0)) if (!app.hasEnded) await app.end('SIGKILL');
      rmSync(this.config, { recursive: true, force: true });
    });
  }

  /** Starts an app with a database `data/app.db`. */
  async start(
    environment: Readonly<Record<string, string>> = {},
    options: { readonly command?: readonly string[]; readonly port?: number } = {},
  ): Promise<MediaAppProcess> {
    const app = await MediaAppProcess.start(
      options.command ?? [this.program],
      { APP_CONFIG_PATH: this.config, APP_DATABASES: 'data/app.db', APP_WRITE_MILLISECONDS: '20', ...environment },
      options.port,
    );
    this.running.push(app);
    return app;
  }
}

/** A port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
