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

/** A directory, file or device of whichever node the pod runs on. */
export interface HostPathProps {
  /** Path on the node. */
  readonly path: string;
  /** What must be there, or is made. Default: not checked. */
  readonly type?: (typeof types)[number];
}

/** A hostPath in a description. */
export type HostPathVolume = HostPathProps & { readonly kind: 'hostPath' };

export const hostPathKind: InlineKind<HostPathVolume> = {
  kind: 'hostPath',
  schema: objectOf<HostPathVolume>({
    kind: oneOf(['hostPath']),
    path: absolutePath,
    type: oneOf(types).optional(),
  }),
  source: ({ path, type }) => ({ hostPath: compact({ path, type }) }),
};

/** A directory, file or device of whichever node the pod runs on. For data of an app, `local` names the node as well. */
export function hostPath(props: HostPathProps): HostPathVolume {
  return { kind: 'hostPath', ...props };
}
