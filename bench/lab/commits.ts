/** A time span, in milliseconds since 1970. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Commits per second. */
export function commitsPerSecond(commits: readonly number[], window: Window): number {
  return (within(commits, window).length * 1000) / (window.to - window.from);
}

/** The longest time without a commit, in milliseconds. */
export function longestPause(commits: readonly number[], window: Window): number {
  const moments = [window.from, ...within(commits, window), window.to];
  return Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment)));
}

function within(commits: readonly number[], { from, to }: Window): number[] {
  return commits.filter((moment) => moment >= from && moment < to);
}
