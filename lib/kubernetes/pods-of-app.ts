import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import type { MediaAppModel } from '../workload/model';

/** Whether a pod belongs to an app, by the selector of its Deployment. */
export function isPodOf(
  { namespace, selector }: Pick<MediaAppModel, 'namespace' | 'selector'>,
  { metadata }: V1Pod,
): boolean {
  return (
    metadata?.namespace === namespace &&
    Object.entries(selector).every(([label, value]) => metadata.labels?.[label] === value)
  );
}
