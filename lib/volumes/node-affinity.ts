import type { V1VolumeNodeAffinity } from '../core/kubernetes';

/** The nodeAffinity of a volume that only these nodes can reach, by host name. */
export function onNodes(...hostNames: readonly string[]): V1VolumeNodeAffinity {
  return {
    required: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [...hostNames] }] },
      ],
    },
  };
}
