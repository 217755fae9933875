import { clock } from '../../core/clock';
import { type DataVolume, movable } from '../../storage/registry';
import type { CutoverContext } from '../cutover/cutover-context';

/** How long a kubelet may take to log out of what it had mounted. */
const LOGOUT_SECONDS = 30;

/**
 * What logs nodes out of LUNs that no pod uses any more and nothing on them does: a kubelet that could not mount one stays logged
 * in for ever. It is to be done while nothing else may begin to use them, and does nothing before kubelets had their time.
 */
export function idleSessions(
  volumes: readonly DataVolume[],
  { nodes, report }: Pick<CutoverContext, 'nodes' | 'report'>,
): () => Promise<void> {
  let next = clock.monotonic() + LOGOUT_SECONDS * 1000;
  return async () => {
    if (clock.monotonic() < next) return;
    await Promise.all(
      volumes.flatMap((volume) =>
        nodes.map(async (node) => {
          const ended = await movable(volume).endIdleUse?.(volume, node);
          if (ended) report({ type: 'loggedOut', node: node.name, ...ended });
        }),
      ),
    );
    next = clock.monotonic() + LOGOUT_SECONDS * 1000;
  };
}
