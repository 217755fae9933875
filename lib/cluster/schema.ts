import { z } from 'zod';
import { isHost } from '../core/addresses';
import { isHostKey } from '../core/host-keys';
import { annotations, labelName, labels, subdomainName } from '../core/names';
import { flag, kubernetes, mapOf, objectOf, text } from '../core/schema';
import type { MediaAppProps } from '../workload/props';
import { identityShape } from '../workload/schema';
import { type ClusterDescription, type Defaults, type NamespaceProps, type NodeProps, sharedName } from './description';

const sshAddress = text(
  'a user and an address such as "admin@192.0.2.210", and a port such as ":2222" where it is not 22',
  (address) => {
    const parts = /^[^\s@:]+@(?:\[([^\]]+)\]|([^\s@:[\]]+))(?::([1-9]\d{0,4}))?$/.exec(address);
    return parts !== null && isHost(parts[1] ?? parts[2] ?? '') && Number(parts[3] ?? 22) <= 65535;
  },
);

const hostKey = text(
  'a public host key such as "ssh-ed25519 AAAA…", as ssh-keyscan prints it behind the address',
  isHostKey,
);

/** More seconds don't fit into the kernel's timer. */
const MAX_TIMEOUT = 1_000_000;

const node = objectOf<NodeProps>({
  ssh: sshAddress.optional(),
  hostKey: hostKey.optional(),
  managedBy: text('who manages its packages, such as "Ansible"', (name) => /^[^\p{Cc}]+$/u.test(name)).optional(),
  replacementTimeout: z
    .union([z.int().positive().max(MAX_TIMEOUT), z.literal('infinity')], { error: 'seconds, or "infinity"' })
    .optional(),
});

const namespaceProps = objectOf<NamespaceProps>({
  name: labelName,
  labels: labels.optional(),
  annotations: annotations.optional(),
  existing: flag.optional(),
});

const { puid, pgid, umask, timezone } = identityShape;

/** Schema of a description. Apps are checked separately. */
export const clusterDescription = objectOf<ClusterDescription>({
  context: text('a context of the kubeconfig').optional(),
  nodes: mapOf(node, subdomainName).optional(),
  namespace: z.union([labelName, namespaceProps], { error: 'a namespace such as "media"' }),
  defaults: objectOf<Defaults>({ puid, pgid, umask, timezone }).optional(),
  apps: mapOf(
    kubernetes<MediaAppProps>('an app such as sonarr({ … })'),
    labelName.refine((name) => name !== sharedName, {
      error: `another name than "${sharedName}", which is the stack of what apps share`,
    }),
  ),
});
