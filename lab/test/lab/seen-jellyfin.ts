import { expect } from 'vitest';
import { until } from '../until';
import type { LabFixture } from './fixture';
import { instancesOfApps } from './somebodys-app';

/** What can be seen of Jellyfin in a lab, from outside. */
export function seenJellyfin(fixture: Pick<LabFixture, 'lab'>) {
  const kubectl = (...args: readonly string[]) => fixture.lab.kubectl(['--namespace', 'media', ...args]);
  const rows = () => fixture.lab.acknowledgements().flatMap((one) => (one.app === 'jellyfin' ? [one.row] : []));
  return {
    kubectl,
    /** The rows that it has acknowledged, in that order: a database that went back in time acknowledges some again. */
    rows,
    /** The app continues with every row that it had: a database that has lost some acknowledges their numbers again. */
    rowsGoOn: async () => {
      const told = rows().length;
      await until('further rows', 120, () => rows().length > told + 3);
      expect(instancesOfApps(fixture.lab)).toHaveLength(1);
      // Read once: it writes on.
      const acknowledged = rows();
      expect(acknowledged).toHaveLength(new Set(acknowledged).size);
    },
    journal: async () =>
      JSON.parse(await kubectl('get', 'configmap', 'lunward-jellyfin', '-o', 'jsonpath={.data.journal}')),
    replicas: () => kubectl('get', 'deployment', 'jellyfin', '-o', 'jsonpath={.spec.replicas}'),
    claimOfPods: () =>
      kubectl('get', 'pods', '-o', 'jsonpath={.items[*].spec.volumes[*].persistentVolumeClaim.claimName}'),
  };
}
