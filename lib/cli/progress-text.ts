import type { Progress } from '../shell/runner';
import { readableBytes } from '../spec/quantity';

/** How far a step is, for a person. */
export function progressText({ bytes, totalBytes, entries, bytesPerSecond }: Progress): string {
  const speed = `${readableBytes(bytesPerSecond)}/s`;
  if (totalBytes === undefined) return `${readableBytes(bytes)} in ${entries} entries there, ${speed}`;
  const done = `${readableBytes(bytes)} of ${readableBytes(totalBytes)}, ${entries} files, ${speed}`;
  return bytesPerSecond > 0 ? `${done}, ${minutes((totalBytes - bytes) / bytesPerSecond)} left` : done;
}

function minutes(seconds: number): string {
  return seconds < 60 ? 'less than a minute' : `about ${Math.ceil(seconds / 60)} min`;
}
