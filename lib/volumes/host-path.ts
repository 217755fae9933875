import { absolutePath } from '../core/addresses';
import { compact } from '../core/kubernetes';
import { objectOf, oneOf } from '../core/schema';
import type { InlineKind } from './kind';

const types = [
  'DirectoryOrCreate',
  'Directory',
  'FileOrCreate',
  'File',
  'Socket',
  'CharDevice',
  'BlockDevice',
] as const;

/** A directory, file or device on the node where the pod runs. */
export interface HostPathProps {
  /** Path on the node. */
  readonly path: string;
  /** What must exist at the path, or is created there. Default: not checked. */
  readonly type?: (typeof types)[number];
}

/** A `hostPath` volume in a description. */
export type HostPathVolume = HostPathProps & { readonly kind: 'hostPath' };

/** A directory, file or device on the node where the pod runs. */
export const hostPathKind: InlineKind<HostPathVolume> = {
  kind: 'hostPath',
  schema: objectOf<HostPathVolume>({
    kind: oneOf(['hostPath']),
    path: absolutePath,
    type: oneOf(types).optional(),
  }),
  source: ({ path, type }) => ({ hostPath: compact({ path, type }) }),
};

/**
 * Describes a directory, file or device on the node where the pod runs. For an app's data use `local`, which also names
 * the node.
 */
export function hostPath(props: HostPathProps): HostPathVolume {
  return { kind: 'hostPath', ...props };
}
