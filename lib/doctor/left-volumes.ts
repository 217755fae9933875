import type { Finding } from '../core/advice';
import type { StorageObjects } from '../kubernetes/storage-objects';
import { type Workload, workloadsUsing, workloadText } from '../kubernetes/workload-users';
import { usedVolume } from '../storage/used-volume';
import type { DescribedVolume } from './described-volumes';

/**
 * Finds what makes pods on a generation that no app uses today, and is none of the described apps itself. It need not have a pod at
 * the moment.
 *
 * @param isDescribed whether a workload is that of a described app
 */
export function leftVolumeFindings(
  described: readonly DescribedVolume[],
  workloads: readonly Workload[],
  { claims, volumes }: Pick<StorageObjects, 'claims' | 'volumes'>,
  isDescribed: (workload: Workload) => boolean,
): Finding[] {
  const others = workloads.filter((workload) => !isDescribed(workload));
  return described.flatMap(({ app, volume, namespace, isLive }) =>
    isLive
      ? []
      : workloadsUsing(usedVolume(volume, namespace), others, { claims, volumes }).map(
          (workload): Finding => ({
            severity: 'warning',
            code: 'workload-on-left-volume',
            subject: workloadText(workload),
            found: `mounts ${volume.name} or its folder, which ${app} does not use today`,
            remedy: `give it the live claim of ${app} if it may use it beside the app, or delete it`,
          }),
        ),
  );
}
