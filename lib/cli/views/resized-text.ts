import { bytesOf, readableBytes } from '../../core/quantity';
import type { Resized } from '../../migration/use-cases/resize';
import { describeStorage } from '../../storage/registry';
import { persistentVolumeName } from '../../volumes/static-volume';

/** The result for a person, with the line to write into the description. */
export function resizedText(resized: Resized): string {
  const { app, mountPath, volume, size, before, place, grown } = resized;
  const { capacity, lunBytes, fileSystem } = grown;
  const while_ = place.pod ? `while pod ${place.pod} ran` : 'while no pod used it';
  const files =
    capacity.before === capacity.after
      ? `already had all of it: ${readableBytes(capacity.after)} for files`
      : `was grown from ${readableBytes(capacity.before)} to ${readableBytes(capacity.after)} for files, on ${place.node.name}, ${while_}`;
  const name = persistentVolumeName(volume);
  return [
    `${app}: ${mountPath} on ${describeStorage(volume)}, which has ${readableBytes(lunBytes)}: its ${fileSystem} ${files}`,
    before === size
      ? `PersistentVolume ${name} says ${size}`
      : `PersistentVolume ${name} says ${size} (before: ${before})`,
    ...descriptionLines(resized),
  ].join('\n');
}

/** What the description says is what the next one who applies it gives the cluster. */
function descriptionLines({ volume, size, asked }: Resized): string[] {
  const claimSize = asked !== undefined && bytesOf(asked) !== bytesOf(size) ? asked : undefined;
  const described = 'claimSize' in volume ? volume.claimSize : undefined;
  const isWritten =
    bytesOf(volume.size) === bytesOf(size) && bytesOf(described ?? volume.size) === bytesOf(claimSize ?? volume.size);
  if (isWritten) return ['The description has this size already.'];
  return [
    `Write it into the description of "${volume.name}"; otherwise the next apply sets it back:`,
    `  size: '${size}',${claimSize ? ` claimSize: '${claimSize}',` : ''}`,
    ...(claimSize
      ? [
          `(The claim still requests ${claimSize}: Kubernetes cannot change the request of a claim without a storage class, and does not use it.)`,
        ]
      : []),
  ];
}
