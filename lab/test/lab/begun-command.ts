import type { ChildProcess } from 'node:child_process';

/** A command of an operator's that is at work: it can be killed, and its reader can go away. */
export class BegunCommand {
  private said = { stdout: '', stderr: '' };
  /** What it ended with: a code, or the signal that ended it. */
  readonly ended: Promise<{ readonly code: number | string; readonly stdout: string; readonly stderr: string }>;

  constructor(private readonly child: ChildProcess) {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.said[name] += text;
      });
    }
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', ...this.said }));
    });
  }

  /** Waits for something while the command is at work. @throws Error with what it printed, if it ends before that */
  async during<Found>(work: Promise<Found>): Promise<Found> {
    const early = this.ended.then(({ code, stdout, stderr }) => {
      throw new Error(`it ended with ${code} too early:\n${stdout}\n${stderr}`);
    });
    return Promise.race([work, early]);
  }

  /** Ends it at once, as a power loss of its machine does. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Nobody reads any more what it prints: whatever it prints from now on fails with EPIPE. */
  closePipe(): void {
    this.child.stdout?.destroy();
  }
}
