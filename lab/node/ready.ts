import { setTimeout as sleep } from 'node:timers/promises';

const READY_SECONDS = 180;

interface Lease {
  readonly kind: 'Lease';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly renewTime?: string };
}

interface NodeObject {
  readonly kind: 'Node';
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastHeartbeatTime: string;
    }[];
  };
}

/**
 * Waits until kubelets have reported Ready after a point in time. A node that went away stays Ready for the better part
 * of a minute, so that its condition alone says nothing: its lease must be newer, and after a start of the kubelet the
 * condition too.
 */
export async function whenNodesReady(
  kubectl: (args: readonly string[]) => Promise<string>,
  what: { readonly names: readonly string[]; readonly since: Date; readonly started: boolean },
): Promise<void> {
  const deadline = Date.now() + READY_SECONDS * 1000;
  for (;;) {
    const missing = await notReady(kubectl, what);
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`not Ready after ${READY_SECONDS} s: ${missing.join(', ')}; see the kubelet's log on the node`);
    }
    await sleep(300);
  }
}

async function notReady(
  kubectl: (args: readonly string[]) => Promise<string>,
  { names, since, started }: { readonly names: readonly string[]; readonly since: Date; readonly started: boolean },
): Promise<string[]> {
  // One process for both: each takes time from emulated machines.
  const listed = await kubectl(['get', 'leases,nodes', '--namespace', 'kube-node-lease', '--output', 'json']);
  const { items } = JSON.parse(listed) as { items: (Lease | NodeObject)[] };
  const isRenewed = (name: string) =>
    items.some(
      (item) => item.kind === 'Lease' && item.metadata.name === name && new Date(item.spec.renewTime ?? 0) > since,
    );
  const isReady = (name: string) =>
    items.some(
      (item) =>
        item.kind === 'Node' &&
        item.metadata.name === name &&
        item.status.conditions?.some(
          ({ type, status, lastHeartbeatTime }) =>
            type === 'Ready' &&
            status === 'True' &&
            // Told in whole seconds, and by a kubelet that goes on only every few minutes.
            (!started || new Date(lastHeartbeatTime).getTime() >= since.getTime() - 1000),
        ),
    );
  return names.filter((name) => !isRenewed(name) || !isReady(name));
}
