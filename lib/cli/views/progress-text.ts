import { readableTime } from '../../core/duration';
import { readableBytes } from '../../core/quantity';
import type { Progress } from '../../nodes/runner';

/** How far a step is, for a person. */
export function progressText({ bytes, totalBytes, entries, bytesPerSecond }: Progress): string {
  const speed = `${readableBytes(bytesPerSecond)}/s`;
  if (totalBytes === undefined) return `${readableBytes(bytes)} in ${entries} entries so far, ${speed}`;
  const done = `${readableBytes(bytes)} of ${readableBytes(totalBytes)}, ${entries} files, ${speed}`;
  return bytesPerSecond > 0 ? `${done}, ${readableTime((totalBytes - bytes) / bytesPerSecond)} left` : done;
}
