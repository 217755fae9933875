import { endSession } from '../../scripts/lun/end-session';
import type { IscsiVolume } from '../../volumes/iscsi';
import type { CutoverContext } from '../cutover/cutover-context';
import type { DataVolume } from './copy-source';
import { tryRun } from './run-script';

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
  const luns = volumes.filter((volume): volume is IscsiVolume => volume.kind === 'iscsi');
  let next = Date.now() + LOGOUT_SECONDS * 1000;
  return async () => {
    if (Date.now() < next) return;
    await Promise.all(
      luns.flatMap((volume) =>
        nodes.map(async ({ name, runner }) => {
          const { result } = await tryRun(runner, endSession(volume));
          if (result === 'changed') report({ type: 'loggedOut', node: name, iqn: volume.iqn });
        }),
      ),
    );
    next = Date.now() + LOGOUT_SECONDS * 1000;
  };
}
