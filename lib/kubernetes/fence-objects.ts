import { createHash } from 'node:crypto';
import path from 'node:path';
import { canonicalHost } from '../core/addresses';
import { canonicalIscsiName } from '../core/iscsi-names';
import type { Manifest } from '../core/kubernetes';
import { celStrings } from './cel';

/** What a fence keeps out, and of which app. */
export interface FenceProps {
  readonly app: string;
  readonly namespace: string;
  /** Claims that no pod of the namespace may mount. */
  readonly claims: readonly string[];
  /** Folders of NFS servers that no pod may mount inline: the same folder, one above or one below. */
  readonly nfs: readonly NfsFolder[];
  /** LUNs that no pod may mount inline. Default: none. */
  readonly luns?: readonly Lun[];
  /** What somebody reads whose pod is refused. */
  readonly message: string;
  /** Refuses Deployments, StatefulSets and DaemonSets of such pods as well: only once the app itself no longer has such a template. */
  readonly workloads: boolean;
}

export interface Lun {
  readonly iqn: string;
  readonly lun: number;
}

export interface NfsFolder {
  readonly server: string;
  readonly path: string;
}

export interface FenceObjects {
  readonly policy: Manifest;
  readonly binding: Manifest;
  /** What a refusal by this very content holds, and one by an earlier content of the same name does not. */
  readonly mark: string;
}

const apiVersion = 'admissionregistration.k8s.io/v1';

/** The names of both objects. No namespace has a dot in it, so that no two apps share one: "a-b" and "c", "a" and "b-c". */
export function fenceRefs({ namespace, app }: Pick<FenceProps, 'namespace' | 'app'>) {
  const metadata = { name: `lunward-${namespace}.${app}` };
  return {
    policy: { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata },
    binding: { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata },
  };
}

/** The policy and its binding, to be created or to take the place of those that are there. */
export function fenceObjects(props: FenceProps): FenceObjects {
  const { policy, binding } = fenceRefs(props);
  const labels = { 'app.kubernetes.io/managed-by': 'lunward' };
  const { name } = policy.metadata;
  const rules = {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: props.workloads ? [pods, workloads] : [pods] },
    variables,
  };
  const expression = admitted(props);
  // The API server takes no message of several lines.
  const message = props.message.replace(/\s+/g, ' ').trim();
  const hash = createHash('sha256').update(JSON.stringify([rules, expression, message]));
  const mark = `(fence ${hash.digest('hex').slice(0, 8)})`;
  const validations = [{ expression, message: `${message} ${mark}`, reason: 'Forbidden' }];
  return {
    policy: { ...policy, metadata: { name, labels }, spec: { ...rules, validations } },
    binding: {
      ...binding,
      metadata: { name, labels },
      spec: {
        policyName: name,
        validationActions: ['Deny'],
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': props.namespace } } },
      },
    },
    mark,
  };
}

const pods = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const workloads = {
  apiGroups: ['apps'],
  apiVersions: ['v1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['deployments', 'statefulsets', 'daemonsets'],
};

/** `dyn`, since the API server checks expressions with the type of each resource, and none but one has each field. */
const variables = [
  {
    name: 'pod',
    expression: "dyn(object).kind == 'Pod' ? dyn(object).spec : dyn(object).spec.template.spec",
  },
  { name: 'volumes', expression: 'has(variables.pod.volumes) ? variables.pod.volumes : []' },
  {
    // Server and path.
    name: 'shares',
    expression:
      "variables.volumes.filter(v, has(v.nfs)).map(v, [v.nfs.server.lowerAscii().replace('[', '').replace(']', ''), " +
      "v.nfs.path.split('/').filter(part, part != '' && part != '.').map(part, '/' + part).join('') + '/'])",
  },
  {
    // Each as `folderKey` writes it: of an IPv6 address the groups that are not zero, or the IPv4 address in it; of a name no dot
    // at its end.
    name: 'folders',
    expression:
      "variables.shares.map(s, (!s[0].contains(':') ? s[0].find('^.*[^.]') : " +
      "s[0].contains('.') ? s[0].substring(s[0].lastIndexOf(':') + 1) : " +
      "s[0].findAll('[0-9a-f]+').map(g, g.find('[1-9a-f][0-9a-f]*')).filter(g, g != '').join(':')) + ':' + s[1])",
  },
];

/** Whoever is being deleted is let through: the garbage collector takes its finalizers away by an update. */
function admitted({ claims, nfs, luns = [] }: FenceProps): string {
  const disks = luns.map(({ iqn, lun }) => `${canonicalIscsiName(iqn)} ${lun}`);
  return [
    'has(object.metadata.deletionTimestamp) ||',
    `variables.volumes.all(v, !has(v.persistentVolumeClaim) || !(v.persistentVolumeClaim.claimName in ${celStrings(claims)}))`,
    `&& variables.folders.all(f, ${celStrings(nfs.map(folderKey))}.all(g, !f.startsWith(g) && !g.startsWith(f)))`,
    `&& variables.volumes.all(v, !has(v.iscsi) || !((v.iscsi.iqn.lowerAscii() + ' ' + string(v.iscsi.lun)) in ${celStrings(disks)}))`,
  ].join(' ');
}

/** One folder is in another where its key begins with that of the other. */
function folderKey({ server, path: folder }: NfsFolder): string {
  return `${serverKey(canonicalHost(server))}:${path.posix.normalize(`/${folder}/`)}`;
}

/**
 * Expressions of the first versions with such policies know no IP addresses. So IPv6 addresses are compared without their
 * zeros: two that differ by nothing else count as one server, and no spelling of an address lets a pod in.
 */
function serverKey(server: string): string {
  if (!server.includes(':')) return server;
  return server
    .split(':')
    .filter((group) => group !== '' && group !== '0')
    .join(':');
}
