import type { LabFixture } from './fixture';

/** What can be seen of Jellyfin in a lab, from outside. */
export function seenJellyfin(fixture: Pick<LabFixture, 'lab'>) {
  const kubectl = (...args: readonly string[]) => fixture.lab.kubectl(['--namespace', 'media', ...args]);
  return {
    kubectl,
    /** The rows that it has acknowledged, in that order: a database that went back in time acknowledges some again. */
    rows: () => fixture.lab.acknowledgements().flatMap((one) => (one.app === 'jellyfin' ? [one.row] : [])),
    replicas: () => kubectl('get', 'deployment', 'jellyfin', '-o', 'jsonpath={.spec.replicas}'),
    claimOfPods: () =>
      kubectl('get', 'pods', '-o', 'jsonpath={.items[*].spec.volumes[*].persistentVolumeClaim.claimName}'),
  };
}
