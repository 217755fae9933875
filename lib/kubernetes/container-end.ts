import type { V1ContainerStateTerminated, V1ContainerStatus } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};

/** How a container ended last, where that was with an error; nothing where it did not end, or ended well. */
export function lastFailure({ state, lastState }: V1ContainerStatus): V1ContainerStateTerminated | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  return ended && ended.exitCode !== 0 ? ended : undefined;
}

/** How a container ended, in its own last words; where it left none, its exit code. */
export function endText(ended: V1ContainerStateTerminated | undefined): string {
  return ended?.message?.trim() || `exit code ${ended?.exitCode ?? 'unknown'} (${ended?.reason ?? 'no reason'})`;
}
