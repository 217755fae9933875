import { createHash } from 'node:crypto';
import path from 'node:path';
import { canonicalHost } from '../core/addresses';
import { canonicalIscsiName } from '../core/iscsi-names';
import type { Manifest } from '../core/kubernetes';
import { celStrings } from './cel';

/** What a fence refuses, and for which app. */
export interface FenceProps {
  readonly app: string;
  readonly namespace: string;
  /** Claims that no pod of the namespace may mount. */
  readonly claims: readonly string[];
  /** NFS folders that no pod may mount inline, nor may it mount a folder above or below. */
  readonly nfs: readonly NfsFolder[];
  /** LUNs that no pod may mount inline. Default: none. */
  readonly luns?: readonly Lun[];
  /** Message that a user gets when a pod is refused. */
  readonly message: string;
  /**
   * Also refuses Deployments, StatefulSets and DaemonSets with such pods. Set it only after the app's own pod template
   * no longer mounts these volumes.
   */
  readonly workloads: boolean;
  /** Annotations of the policy; what the fence refuses does not depend on them. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What a fence refuses of one volume besides its claim. */
export interface FencedPlace {
  readonly nfs?: readonly NfsFolder[];
  readonly luns?: readonly Lun[];
}

/** A LUN, by the name of its target and its number. */
export interface Lun {
  readonly iqn: string;
  readonly lun: number;
}

/** A folder of an NFS server. */
export interface NfsFolder {
  readonly server: string;
  readonly path: string;
}

/** The objects of a fence. */
export interface FenceObjects {
  readonly policy: Manifest;
  readonly binding: Manifest;
  /**
   * Text in every refusal by this content of the policy. Refusals by earlier content of the same policy do not contain
   * it.
   */
  readonly mark: string;
}

const apiVersion = 'admissionregistration.k8s.io/v1';

/**
 * Returns the references to both objects. Namespaces contain no dot, so no two apps share a name: "a-b" and "c", "a"
 * and "b-c".
 */
export function fenceRefs({ namespace, app }: Pick<FenceProps, 'namespace' | 'app'>) {
  const metadata = { name: `lunward-${namespace}.${app}` };
  return {
    policy: { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata },
    binding: { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata },
  };
}

/** Returns the policy and its binding, to create them or to replace the existing ones. */
export function fenceObjects(props: FenceProps): FenceObjects {
  const { policy, binding } = fenceRefs(props);
  const labels = { 'app.kubernetes.io/managed-by': 'lunward' };
  const { name } = policy.metadata;
  const { annotations } = props;
  // The API server accepts only one line.
  const message = props.message.replace(/\s+/g, ' ').trim();
  const { spec, mark } = policyOf({ workloads: props.workloads, expression: admitted(props), message });
  return {
    policy: { ...policy, metadata: { name, labels, ...(annotations && { annotations }) }, spec },
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

/** What differs between the policies of fences. */
interface PolicyProps extends Pick<FenceProps, 'workloads' | 'message'> {
  /** CEL expression. */
  readonly expression: string;
}

function policyOf({ workloads, expression, message }: PolicyProps): Pick<FenceObjects, 'mark'> & Spec {
  const rules = {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: workloads ? [pods, controllers] : [pods] },
    variables,
  };
  const hash = createHash('sha256').update(JSON.stringify([rules, expression, message]));
  const mark = `(fence ${hash.digest('hex').slice(0, 8)})`;
  const validations = [{ expression, message: `${message} ${mark}`, reason: 'Forbidden' }];
  return { spec: { ...rules, validations }, mark };
}

type Spec = { readonly spec: Readonly<Record<string, unknown>> };

/**
 * The policy that Lunward has written if it has written this one, which may follow from an earlier description: the mark in its message is
 * the hash of the rest.
 *
 * @param written spec of a policy in the cluster
 */
export function policyByItsMark({ validations }: Spec['spec'], { workloads }: Pick<FenceProps, 'workloads'>) {
  const [{ expression = '', message = '' } = {}] = (validations ?? []) as readonly Partial<PolicyProps>[];
  const { spec } = policyOf({ workloads, expression, message: message.replace(/ \(fence [0-9a-f]{8}\)$/, '') });
  return { spec, claims: refusedClaims(expression) };
}

const pods = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const controllers = {
  apiGroups: ['apps'],
  apiVersions: ['v1'],
  operations: ['CREATE', 'UPDATE'],
  resources: ['deployments', 'statefulsets', 'daemonsets'],
};

/**
 * `dyn`, because the API server checks the types of an expression for each resource, and each field exists in only one
 * of them.
 */
const variables = [
  {
    name: 'pod',
    expression: "dyn(object).kind == 'Pod' ? dyn(object).spec : dyn(object).spec.template.spec",
  },
  { name: 'volumes', expression: 'has(variables.pod.volumes) ? variables.pod.volumes : []' },
  {
    // Pairs of server and path.
    name: 'shares',
    expression:
      "variables.volumes.filter(v, has(v.nfs)).map(v, [v.nfs.server.lowerAscii().replace('[', '').replace(']', ''), " +
      "v.nfs.path.split('/').filter(part, part != '' && part != '.').map(part, '/' + part).join('') + '/'])",
  },
  {
    // Keys as `folderKey` makes them: of an IPv6 address the groups that are not zero, or the IPv4 address in it; of a
    // name without the final dot.
    name: 'folders',
    expression:
      "variables.shares.map(s, (!s[0].contains(':') ? s[0].find('^.*[^.]') : " +
      "s[0].contains('.') ? s[0].substring(s[0].lastIndexOf(':') + 1) : " +
      "s[0].findAll('[0-9a-f]+').map(g, g.find('[1-9a-f][0-9a-f]*')).filter(g, g != '').join(':')) + ':' + s[1])",
  },
];

/** Objects that are being deleted are admitted: the garbage collector removes their finalizers with an update. */
function admitted({ claims, nfs, luns = [] }: FenceProps): string {
  const disks = luns.map(({ iqn, lun }) => `${canonicalIscsiName(iqn)} ${lun}`);
  return [
    'has(object.metadata.deletionTimestamp) ||',
    `variables.volumes.all(v, !has(v.persistentVolumeClaim) || !(v.persistentVolumeClaim.claimName in ${celStrings(claims)}))`,
    `&& variables.folders.all(f, ${celStrings(nfs.map(folderKey))}.all(g, !f.startsWith(g) && !g.startsWith(f)))`,
    `&& variables.volumes.all(v, !has(v.iscsi) || !((v.iscsi.iqn.lowerAscii() + ' ' + string(v.iscsi.lun)) in ${celStrings(disks)}))`,
  ].join(' ');
}

/** Reads which claims a fence refuses from the expression of its policy. */
export function refusedClaims(expression: string): string[] {
  const [, list = '[]'] = /claimName in (\[[^\]]*\])/.exec(expression) ?? [];
  return JSON.parse(list);
}

/** Returns a key for a folder. One folder contains another if the other's key starts with its key. */
function folderKey({ server, path: folder }: NfsFolder): string {
  return `${serverKey(canonicalHost(server))}:${path.posix.normalize(`/${folder}/`)}`;
}

/**
 * In the first versions of Kubernetes with such policies, expressions have no functions for IP addresses. So IPv6
 * addresses are compared without their zeros: addresses that differ only in zeros count as one server, and no spelling
 * of an address lets a pod in.
 */
function serverKey(server: string): string {
  if (!server.includes(':')) return server;
  return server
    .split(':')
    .filter((group) => group !== '' && group !== '0')
    .join(':');
}
