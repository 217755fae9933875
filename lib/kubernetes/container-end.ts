import type { V1ContainerStateTerminated, V1ContainerStatus } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};

/** Returns how a container ended last, if it ended with an error; otherwise `undefined`. */
export function lastFailure({ state, lastState }: V1ContainerStatus): V1ContainerStateTerminated | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  return ended && ended.exitCode !== 0 ? ended : undefined;
}

/** Describes how a container ended: its termination message, or its exit code if it left none. */
export function endText(ended: V1ContainerStateTerminated | undefined): string {
  return ended?.message?.trim() || `exit code ${ended?.exitCode ?? 'unknown'} (${ended?.reason ?? 'no reason'})`;
}
