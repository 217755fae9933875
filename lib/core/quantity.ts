import { text } from './schema';

// The canonical suffixes of k8s.io/apimachinery/pkg/api/resource, without "u" and "n": they make no sense for a disk.
const storagePattern = /^\d+(\.\d+)?(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE]\d+)?$/;

/** A storage size above zero, as a Kubernetes quantity: `10Gi`. */
export const storageSize = text(
  'a size above zero such as "10Gi"; Kubernetes writes Ki, Mi, Gi, Ti (powers of 1024) or k, M, G, T (of 1000)',
  (size) => storagePattern.test(size) && Number.parseFloat(size) > 0,
);

const factors: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Converts a size that `storageSize` accepts to bytes. Rounds up, as Kubernetes does. */
export function bytesOf(size: string): number {
  const [, number = '', suffix = ''] = /^([\d.]+(?:[eE]\d+)?)([A-Za-z]*)$/.exec(size) ?? [];
  return Math.ceil(Number(number) * (factors[suffix] ?? 1));
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Formats bytes for people: `10 GiB`, `4.72 GiB`. */
export function readableBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${Number((bytes / 1024 ** power).toFixed(2))} ${units[power]}`;
}
