import { absolutePath, host } from '../core/addresses';
import { compact } from '../core/kubernetes';
import { flag, objectOf, oneOf } from '../core/schema';
import type { InlineKind } from './kind';

/** A directory of an NFS server, mounted by the pod itself, without a claim. */
export interface InlineNfsProps {
  /** Address or host name of the server, as a node resolves it. */
  readonly server: string;
  /** Path of the directory on the server. */
  readonly path: string;
  /** Default: `false`. */
  readonly readOnly?: boolean;
}

/** Inline NFS in a description. */
export type InlineNfsVolume = InlineNfsProps & { readonly kind: 'inlineNfs' };

/** NFS without a claim: no mountOptions, for these belong to a PersistentVolume. */
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

/** A directory of an NFS server, mounted by the pod itself. */
export function inlineNfs(props: InlineNfsProps): InlineNfsVolume {
  return { kind: 'inlineNfs', ...props };
}
