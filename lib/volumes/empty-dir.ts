import { compact } from '../core/kubernetes';
import { storageSize } from '../core/quantity';
import { objectOf, oneOf } from '../core/schema';
import type { InlineKind } from './kind';

/** A directory that is made with the pod and deleted with it. */
export interface EmptyDirProps {
  /** `Memory` for a file system in memory. Default: a directory on the node's disk. */
  readonly medium?: 'Memory';
  /** Size above which the pod is evicted. Default: no limit. */
  readonly sizeLimit?: string;
}

/** An `emptyDir` volume in a description. */
export type EmptyDirVolume = EmptyDirProps & { readonly kind: 'emptyDir' };

/** A directory that is made with the pod and deleted with it. */
export const emptyDirKind: InlineKind<EmptyDirVolume> = {
  kind: 'emptyDir',
  schema: objectOf<EmptyDirVolume>({
    kind: oneOf(['emptyDir']),
    medium: oneOf(['Memory']).optional(),
    sizeLimit: storageSize.optional(),
  }),
  source: ({ medium, sizeLimit }) => ({ emptyDir: compact({ medium, sizeLimit }) }),
};

/** Describes a directory that is made with the pod and deleted with it. */
export function emptyDir(props: EmptyDirProps = {}): EmptyDirVolume {
  return { kind: 'emptyDir', ...props };
}
