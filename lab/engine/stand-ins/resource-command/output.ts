import type { Logger } from './logger';

export type Logging = 'stdout' | 'stderr' | 'stdoutAndStderr' | 'none';

/** The official provider reads its log with a buffer of this size and hangs on a longer line. */
const LONGEST_LINE = 64 * 1024;

/** Collects what a command prints, and passes it on line by line. */
export class Output {
  private readonly texts = { stdout: '', stderr: '' };
  private both = '';
  private unfinished = '';
  tooLong = false;

  constructor(
    private readonly logger: Logger,
    private readonly logging: Logging = 'stdoutAndStderr',
  ) {}

  add(stream: 'stdout' | 'stderr', text: string): void {
    this.texts[stream] += text;
    this.both += text;
    if (this.logging !== 'stdoutAndStderr' && this.logging !== stream) return;
    const lines = (this.unfinished + text).split('\n');
    this.unfinished = lines.pop() ?? '';
    for (const line of lines) this.log(line);
    if (Buffer.byteLength(this.unfinished) >= LONGEST_LINE) this.tooLong = true;
  }

  /** The two streams without their last line break, as the official provider returns them. */
  finish(): { stdout: string; stderr: string } {
    if (this.unfinished !== '') this.log(this.unfinished);
    this.unfinished = '';
    return { stdout: this.texts.stdout.replace(/\n$/, ''), stderr: this.texts.stderr.replace(/\n$/, '') };
  }

  failure(reason: string, command: string): Error {
    this.finish();
    return new Error(`${reason}: running ${JSON.stringify(command)}:\n${this.both}`);
  }

  private log(line: string): void {
    if (Buffer.byteLength(line) >= LONGEST_LINE) this.tooLong = true;
    else this.logger.status(line.replace(/\r$/, ''));
  }
}

export const TOO_LONG =
  'a line of more than 64 KiB was printed, on which the official provider would hang for ever: ' +
  'print shorter lines or set logging to "none"';
