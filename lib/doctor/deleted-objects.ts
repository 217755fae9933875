import type { Finding } from '../core/advice';
import type { LiveObject } from '../kubernetes/cluster-client';

/** Namespaces and Deployments of a description that were deleted but still exist: everything in them ends with them. */
export function deletedObjectFindings(objects: readonly (LiveObject | undefined)[]): Finding[] {
  return objects.flatMap((object) => {
    const { name, namespace, deletionTimestamp, finalizers = [] } = object?.metadata ?? {};
    if (!object?.kind || !deletionTimestamp) return [];
    const isNamespace = object.kind === 'Namespace';
    return [
      {
        subject: `${object.kind} ${namespace ? `${namespace}/` : ''}${name}`,
        severity: 'error' as const,
        code: 'terminating',
        found: isNamespace
          ? 'is Terminating: its pods and claims are deleted with it, and nothing new can be made there'
          : `is Terminating: it was deleted, and waits for ${finalizers.join(', ') || 'its pods'}`,
        remedy: isNamespace
          ? "a deletion can't be undone: set the reclaim policy of its PersistentVolumes to Retain, then make the namespace again once it is gone"
          : "a deletion can't be undone: apply the app again once it is gone; its claims stay",
      },
    ];
  });
}
