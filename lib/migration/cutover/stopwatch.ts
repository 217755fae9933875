import { clock } from '../../core/clock';
/** How long the parts of something took. */
export class Stopwatch {
  private readonly start = clock.now();
  private last = this.start;
  private readonly laps: [part: string, milliseconds: number][] = [];

  /** Ends a part, which began where the one before ended. */
  lap(part: string): void {
    const now = clock.now();
    this.laps.push([part, now - this.last]);
    this.last = now;
  }

  get parts(): readonly (readonly [part: string, milliseconds: number])[] {
    return this.laps;
  }

  get milliseconds(): number {
    return this.last - this.start;
  }
}
