import { clock } from '../core/clock';
import type { Manifest } from '../core/kubernetes';
import { pollUntil } from '../core/poll-until';
import { UserError } from '../core/problems';
import { type ClusterClient, type LiveObject, RefusedByServer } from './cluster-client';
import { type FenceObjects, type FenceProps, fenceObjects, fenceRefs, policyByItsMark } from './fence-objects';
import { retryOnConflict } from './retry-on-conflict';

export type { FencedPlace, FenceProps } from './fence-objects';

const PATIENCE_SECONDS = 30;

/**
 * Each API server of a control plane reads policies again once a second (policyRefreshIntervalDefault in
 * apiserver/pkg/admission/plugin/policy/generic/policy_source.go), and only one of them gave the proof.
 */
const OTHER_SERVERS_SECONDS = 2;

/** The fence is in the cluster, but no proof that it refuses pods was found. */
export class UnprovenFence extends UserError {
  constructor(message: string) {
    super(message, { code: 'fence-not-proven' });
  }
}

/**
 * Keeps pods away from a volume's old generation: from its claims, in their namespace, and from its NFS folders and
 * LUNs, if a pod of that namespace mounts them inline. It does not stop pods of other namespaces, nor claims of other
 * names whose volumes are in the same folders. Running pods continue.
 *
 * It can be called again, also with other content. On return, that content is proven to refuse pods, by the dry run of
 * one.
 *
 * @returns `unsupported` if the cluster has no ValidatingAdmissionPolicy: before Kubernetes 1.30
 * @throws UnprovenFence if the fence refuses nothing after half a minute. Its objects stay for the next try
 */
export async function putFence(client: ClusterClient, props: FenceProps): Promise<'in force' | 'unsupported'> {
  const fence = fenceObjects(props);
  const policy = await put(client, fence.policy);
  const binding = policy && (await put(client, fence.binding));
  if (!policy || !binding) return 'unsupported';
  await untilInForce(client, props, fence);
  if (policy === 'changed' || binding === 'changed') await clock.sleep(OTHER_SERVERS_SECONDS * 1000);
  return 'in force';
}

/**
 * Whether the cluster supports fences: Kubernetes 1.30 or later. Nothing is changed.
 *
 * @throws UnreachableError if the cluster cannot be asked
 */
export async function canFence(client: Pick<ClusterClient, 'admissionKinds'>): Promise<boolean> {
  return (await client.admissionKinds()).includes('ValidatingAdmissionPolicy');
}

/** What the cluster has of a fence: its objects as `putFence` writes them, none or one of the two, others, or some where there must be none. */
export type FenceObjectsFound = 'in place' | 'missing' | 'different' | 'left over';

/**
 * Compares the objects of a fence with those that `putFence` would write; for an app without a fence, both must be absent. Changes nothing
 * and proves nothing.
 */
export async function compareFence(
  client: Pick<ClusterClient, 'read'>,
  fence: FenceProps | Pick<FenceProps, 'app' | 'namespace'>,
): Promise<FenceObjectsFound> {
  if (!('claims' in fence)) {
    const { policy, binding } = fenceRefs(fence);
    return (await client.read(policy)) || (await client.read(binding)) ? 'left over' : 'in place';
  }
  const { policy, binding } = fenceObjects(fence);
  let seen: FenceObjectsFound = 'in place';
  for (const wanted of [policy, binding]) {
    const found = await client.read(wanted);
    if (!found) return 'missing';
    const annotations = found.metadata?.annotations ?? {};
    const isSame =
      isSpec(found.spec, wanted.spec) &&
      Object.entries(wanted.metadata.annotations ?? {}).every(([key, text]) => annotations[key] === text);
    if (!isSame) seen = 'different';
  }
  return seen;
}

/**
 * Claims that the fence in the cluster refuses, if nobody has edited it since Lunward wrote it. It may follow from an earlier description.
 *
 * @returns nothing if it was edited, or if there is none
 */
export async function claimsOfFence(
  client: Pick<ClusterClient, 'read'>,
  fence: FenceProps,
): Promise<readonly string[] | undefined> {
  const { policy, binding } = fenceObjects(fence);
  const [found, bound] = [await client.read(policy), await client.read(binding)];
  if (!found?.spec || !isSpec(bound?.spec, binding.spec)) return undefined;
  const { spec, claims } = policyByItsMark(found.spec, fence);
  return isSpec(found.spec, spec) ? claims : undefined;
}

/** Values that the API server adds to a policy and its binding. Empty selectors, which it adds too, select everything. */
const serverDefaults: Readonly<Record<string, string>> = { matchPolicy: 'Equivalent', scope: '*' };

/**
 * Whether a spec is as wanted, except for defaults of the API server. Anything else that only the cluster has counts as a difference: a
 * match condition, a selector or an excluded rule lets pods in without any change to what is wanted.
 */
function isSpec(found: unknown, wanted: unknown): boolean {
  if (!isBranch(found) || !isBranch(wanted)) return found === wanted;
  if (Array.isArray(found) !== Array.isArray(wanted)) return false;
  const added = keysOf(found).filter((key) => !(key in wanted));
  return (
    added.every((key) => isServerDefault(key, found[key])) &&
    Object.entries(wanted).every(([key, value]) => isSpec(found[key], value))
  );
}

function isServerDefault(key: string, value: unknown): boolean {
  return isBranch(value) ? !Array.isArray(value) && keysOf(value).length === 0 : value === serverDefaults[key];
}

/** Without what the API server left out: the client's objects have a key for every field. */
function keysOf(object: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(object).filter((key) => object[key] !== undefined);
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Removes a fence. It may refuse pods for another moment. Does nothing if there is no fence. */
export async function liftFence(client: ClusterClient, app: Pick<FenceProps, 'app' | 'namespace'>): Promise<void> {
  const { policy, binding } = fenceRefs(app);
  await client.delete(binding);
  await client.delete(policy);
}

async function put(client: ClusterClient, wanted: Manifest): Promise<'changed' | 'unchanged' | undefined> {
  // A controller writes the result of its check of the expressions into the status.
  return retryOnConflict(async () => {
    const found = await client.read(wanted);
    if (!found) return (await client.create(wanted as LiveObject)) && 'changed';
    const { resourceVersion } = found.metadata ?? {};
    const written = await client.write({
      ...wanted,
      metadata: { ...wanted.metadata, resourceVersion },
    } as LiveObject);
    return written.metadata?.resourceVersion === resourceVersion ? 'unchanged' : 'changed';
  });
}

async function untilInForce(client: ClusterClient, props: FenceProps, { policy, mark }: FenceObjects): Promise<void> {
  const { name } = policy.metadata;
  const probe = probePod(props);
  const isInForce = (refusal: string | undefined) => refusal?.includes(`'${name}'`) && refusal.includes(mark);
  const refusal = await pollUntil(
    () => refusalOf(client, probe),
    (seen) => isInForce(seen) === true,
    {
      seconds: PATIENCE_SECONDS,
      everySeconds: 0.25,
    },
  );
  if (!isInForce(refusal)) throw new UnprovenFence(notInForce(props, name, refusal));
}

async function refusalOf(client: ClusterClient, pod: LiveObject): Promise<string | undefined> {
  try {
    await client.create(pod, { dryRun: true });
    return undefined;
  } catch (error) {
    if (error instanceof RefusedByServer) return error.message;
    throw error;
  }
}

function notInForce({ namespace, claims }: FenceProps, name: string, refusal: string | undefined): string {
  const pod = `a pod of namespace ${namespace} that mounts ${claims[0] ? `claim ${claims[0]}` : 'its NFS folder'}`;
  const state =
    `ValidatingAdmissionPolicy ${name} and its binding are in the cluster; ` +
    'no pod was created for this, and nothing else was changed.';
  return refusal === undefined
    ? `Fence ${name} does not work: ${PATIENCE_SECONDS} s after it was put, ${pod} is still let in. ${state} ` +
        'See that the API servers run with the admission plugin ValidatingAdmissionPolicy, and try again'
    : `Whether fence ${name} works can't be seen: ${pod} is refused by something else before, ${PATIENCE_SECONDS} s long: ` +
        `${refusal}. ${state} Have that let such a pod pass until then, and try again`;
}

/** Makes a pod that only the fence should refuse: it complies with the Pod Security Standard `restricted`. */
function probePod({ namespace, claims, nfs }: FenceProps): LiveObject {
  const [claimName] = claims;
  const volume = claimName === undefined ? { nfs: nfs[0] } : { persistentVolumeClaim: { claimName } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'lunward-fence-probe', namespace },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'probe',
          image: 'lunward.invalid/probe',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
      volumes: [{ name: 'old', ...volume }],
    },
  };
}
