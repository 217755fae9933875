import { text } from './schema';

// The canonical suffixes of k8s.io/apimachinery/pkg/api/resource; "u" and "n" make no sense for a disk.
const storagePattern = /^\d+(\.\d+)?(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE]\d+)?$/;

/** A size of storage, above zero, as Kubernetes writes it: `10Gi`. */
export const storageSize = text(
  'a size above zero such as "10Gi"; Kubernetes writes Ki, Mi, Gi, Ti (powers of 1024) or k, M, G, T (of 1000)',
  (size) => storagePattern.test(size) && Number.parseFloat(size) > 0,
);
