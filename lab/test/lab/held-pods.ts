import { type Fault, fault } from '../../fault';
import type { Lab } from '../../lab';
import type { LabMachine } from '../../machine';

/** Keeps the current pods of Jellyfin in the cluster until this is undone, even if they are deleted. Their containers end. */
export async function holdPods(lab: Lab): Promise<Fault> {
  const kubectl = (...args: readonly string[]) => lab.kubectl(['--namespace', 'media', ...args]);
  const pods = (await kubectl('get', 'pods', '-o', 'name')).trim().split('\n');
  const setFinalizers = (finalizers: readonly string[] | null) =>
    kubectl('patch', ...pods, '--type=merge', '--patch', JSON.stringify({ metadata: { finalizers } }));
  await setFinalizers(['example.com/held-by-a-test']);
  return fault(() => setFinalizers(null));
}

/**
 * Keeps the containers that a node runs from ending until this is undone: whoever ends them waits, and what runs in them goes
 * on. Others can be started beside them.
 */
export async function holdContainers(node: LabMachine): Promise<Fault> {
  // No signal reaches a container but through the shim of its pod.
  const shims = (await node.run('pgrep', ['--full', '^/usr/bin/containerd-shim'])).trim().split('\n');
  await node.run('kill', ['-STOP', ...shims]);
  return fault(() => node.run('kill', ['-CONT', ...shims]));
}
