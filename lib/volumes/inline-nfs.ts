import { absolutePath, host } from '../core/addresses';
import { compact } from '../core/kubernetes';
import { flag, objectOf, oneOf } from '../core/schema';
import type { InlineKind } from './kind';

/** A directory of an NFS server that the pod mounts without a claim. */
export interface InlineNfsProps {
  /** Address or host name of the server. The node resolves the name. */
  readonly server: string;
  /** Path of the directory on the server. */
  readonly path: string;
  /** Mounted read-only. Default: `false`. */
  readonly readOnly?: boolean;
}

/** An `inlineNfs` volume in a description. */
export type InlineNfsVolume = InlineNfsProps & { readonly kind: 'inlineNfs' };

/** NFS without a claim. It has no mountOptions: only a PersistentVolume can have them. */
export const inlineNfsKind: InlineKind<InlineNfsVolume> = {
  kind: 'inlineNfs',
  schema: objectOf<InlineNfsVolume>({
    kind: oneOf(['inlineNfs']),
    server: host,
    path: absolutePath,
    readOnly: flag.optional(),
  }),
  source: ({ server, path, readOnly }) => ({ nfs: compact({ server, path, readOnly }) }),
};

/** Describes a directory of an NFS server that the pod mounts without a claim. */
export function inlineNfs(props: InlineNfsProps): InlineNfsVolume {
  return { kind: 'inlineNfs', ...props };
}
