import { readableTime } from '../../core/duration';
import { readableBytes } from '../../core/quantity';
import type { ProbedSource } from '../../scripts/copy/probe-source';

/**
 * How long the preparation of a move will take, for a person: all of the LUN is read once, the data goes over the network
 * twice to be copied and twice to be hashed. Small files take longer than their bytes say.
 */
export function expectedLines({ sample, bytes }: Pick<ProbedSource, 'sample' | 'bytes'>, lunBytes: number): string[] {
  if (sample.bytes === 0 || sample.milliseconds === 0) return [];
  const rate = sample.bytes / (sample.milliseconds / 1000);
  const format = readableTime(lunBytes / rate);
  const rest = readableTime((bytes * 4) / rate);
  return [
    `  it was read at ${readableBytes(rate)}/s: expect ${format} for reading the LUN, and ${rest} at least for copy and hashes`,
  ];
}
