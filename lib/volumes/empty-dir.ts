import { compact } from '../core/kubernetes';
import { storageSize } from '../core/quantity';
import { objectOf, oneOf } from '../core/schema';
import type { InlineKind } from './kind';

/** A directory that lives and dies with the pod. */
export interface EmptyDirProps {
  /** `Memory` for a file system in memory. Default: the node's disk. */
  readonly medium?: 'Memory';
  /** How large it may grow before the pod is evicted. Default: no limit. */
  readonly sizeLimit?: string;
}

/** An emptyDir in a description. */
export type EmptyDirVolume = EmptyDirProps & { readonly kind: 'emptyDir' };

export const emptyDirKind: InlineKind<EmptyDirVolume> = {
  kind: 'emptyDir',
  schema: objectOf<EmptyDirVolume>({
    kind: oneOf(['emptyDir']),
    medium: oneOf(['Memory']).optional(),
    sizeLimit: storageSize.optional(),
  }),
  source: ({ medium, sizeLimit }) => ({ emptyDir: compact({ medium, sizeLimit }) }),
};

/** A directory that lives and dies with the pod. */
export function emptyDir(props: EmptyDirProps = {}): EmptyDirVolume {
  return { kind: 'emptyDir', ...props };
}
