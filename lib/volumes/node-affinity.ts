import type { V1VolumeNodeAffinity } from '../core/kubernetes';

/** Returns the nodeAffinity of a volume that only these nodes can reach. Nodes are given by host name. */
export function onNodes(...hostNames: readonly string[]): V1VolumeNodeAffinity {
  return {
    required: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [...hostNames] }] },
      ],
    },
  };
}
