import { readMountObjects } from '../../kubernetes/volume-users';
import { isDeploymentOf, readWorkloads, workloadsUsing, workloadText } from '../../kubernetes/workload-users';
import type { DataVolume } from '../../storage/registry';
import { usedVolume } from '../../storage/used-volume';
import type { AppContext } from '../app-context';
import type { VolumeMove } from '../cutover/volume-move';

/**
 * What may start pods on the volumes that an app is to leave or to get, and need not have one at the moment: lines for a person. Pods that
 * run are refused.
 *
 * @throws UserError where the cluster can't be asked
 */
export async function idleWorkloadLines(
  { client, model }: Pick<AppContext, 'client' | 'model'>,
  volumes: readonly Pick<VolumeMove, 'source' | 'target'>[],
): Promise<string[]> {
  const objects = await readMountObjects(client);
  const workloads = await readWorkloads(client);
  const names = volumes.flatMap(({ source, target }) => [source.name, target.name]).join(', ');
  if (typeof workloads === 'string')
    return [
      `what else may start a pod on ${names} is not known (${workloads}): see that no CronJob and no other workload mounts it`,
    ];
  const others = workloads.filter((workload) => !isDeploymentOf(workload, model));
  const using = (volume: DataVolume) => workloadsUsing(usedVolume(volume, model.namespace), others, objects);
  return volumes.flatMap(({ source, target }) => {
    const left = using(source);
    return [
      ...left.map(
        (workload) =>
          `${workloadText(workload)} mounts ${source.name} or its folder too: suspend it or keep it at 0 during the move; afterwards ` +
          `give it ${target.name}, or delete it. On ${source.name} it would see data that ${model.name} does not use any more`,
      ),
      ...using(target)
        .filter((workload) => !left.includes(workload))
        .map(
          (workload) =>
            `${workloadText(workload)} mounts ${target.name} or its folder: suspend it or keep it at 0 until ${model.name} runs there`,
        ),
    ];
  });
}
