import { createHash } from 'node:crypto';
import type { V1Pod } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { UnreachableError } from '../../../lib/core/problems';
import type { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import { ConflictError, type LiveObject, RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { untyped } from '../../helpers';
import type { Changes } from './changes';

type Named = Pick<LiveObject, 'kind' | 'metadata'>;
type Binding = {
  readonly claimRef?: { readonly name: string; readonly namespace: string; readonly uid?: string };
  readonly volumeName?: string;
};

/** A node as far as a move reads it. */
interface ModelNodeObject {
  readonly metadata: { readonly name: string };
  readonly status: { readonly nodeInfo: { machineID: string; bootID: string } };
}

/** The machine id of a machine in this world. */
export const machineIdOf = (name: string) => createHash('md5').update(name).digest('hex');

/** A node as its kubelet reports it. */
export const modelNodeObject = (name: string): ModelNodeObject => ({
  metadata: { name },
  status: { nodeInfo: { machineID: machineIdOf(name), bootID: `boot of ${name}` } },
});

/** An API server with its admission, and the controller that binds claims. */
export class ModelCluster {
  private readonly objects = new Map<string, LiveObject>();
  private version = 0;
  /** Whether it has ValidatingAdmissionPolicies: Kubernetes 1.30. */
  hasAdmission = true;
  /** The nodes, as their kubelets report them. */
  readonly nodes: ModelNodeObject[] = ['node-a', 'node-b'].map(modelNodeObject);
  /** Whether questions for nodes get no answer. */
  hidesNodes = false;
  /** The pods, which controllers make from what is in the cluster. */
  pods: () => readonly V1Pod[] = () => [];

  /** @param changes receives each write that is no lease and no dry run */
  constructor(private readonly changes: Changes) {}

  find<Found = LiveObject>(kind: string, name: string, namespace = ''): Found | undefined {
    return this.objects.get(`${kind}/${namespace}/${name}`) as Found | undefined;
  }

  /** Everything but leases, as plain data. */
  get snapshot(): unknown {
    return structuredClone([...this.objects].filter(([key]) => !key.startsWith('Lease/')));
  }

  /** Takes over all that another cluster has. */
  take(other: ModelCluster): void {
    for (const [key, object] of other.objects) this.objects.set(key, structuredClone(object));
    this.version = other.version;
    this.hasAdmission = other.hasAdmission;
    this.hidesNodes = other.hidesNodes;
    this.nodes.splice(0, this.nodes.length, ...structuredClone(other.nodes));
  }

  /** As somebody does it with kubectl. */
  apply(object: object): LiveObject {
    const applied = untyped<LiveObject>(object);
    const there = this.get(applied);
    this.admit(applied);
    return this.put({ ...there, ...applied, metadata: { ...there?.metadata, ...applied.metadata } });
  }

  /** What the fence says to it. @throws RefusedByServer */
  admit(object: LiveObject): void {
    const [policy] = this.ofKind<Policy>('ValidatingAdmissionPolicy');
    if (!policy) return;
    const { matchConstraints, validations } = policy.spec;
    const resources = matchConstraints.resourceRules.flatMap((rule) => rule.resources);
    const isAsked = resources.includes(`${object.kind?.toLowerCase()}s`);
    const [{ expression, message }] = validations;
    const refused: string[] = JSON.parse(/claimName in (\[[^\]]*\])/.exec(expression)?.[1] ?? '[]');
    if (isAsked && claimsIn(object).some((claim) => refused.includes(claim)))
      throw new RefusedByServer(`'${policy.metadata?.name}': ${message}`);
  }

  /** As somebody does it with kubectl. */
  remove(named: Named): void {
    this.objects.delete(`${named.kind}/${named.metadata?.namespace ?? ''}/${named.metadata?.name}`);
    this.bind();
  }

  ofKind<Found>(kind: string, namespace?: string): Found[] {
    const prefix = `${kind}/${namespace === undefined ? '' : `${namespace}/`}`;
    return [...this.objects].flatMap(([key, object]) => (key.startsWith(prefix) ? [object as Found] : []));
  }

  private get({ kind, metadata }: Named): LiveObject | undefined {
    return this.find(kind ?? '', metadata?.name ?? '', metadata?.namespace);
  }

  private put(given: LiveObject): LiveObject {
    const { status: _, ...written } = given as LiveObject & { readonly status?: unknown };
    const object = given.kind === 'Deployment' ? written : given;
    const there = this.get(object);
    const uid = there?.metadata?.uid ?? `uid-${++this.version}`;
    const same = there && JSON.stringify({ ...object, metadata: { ...object.metadata, uid } });
    if (there && same === JSON.stringify(there)) return there;
    const metadata = { ...object.metadata, uid, resourceVersion: String(++this.version) };
    const put = { ...object, metadata };
    this.objects.set(`${put.kind}/${metadata.namespace ?? ''}/${metadata.name}`, put);
    if (put.kind?.startsWith('PersistentVolume')) this.bind();
    return this.get(put) as LiveObject;
  }

  /** Claims and their PersistentVolumes, as the controller does it. */
  private bind(): void {
    for (const volume of this.ofKind<LiveObject>('PersistentVolume')) {
      if (volume.kind !== 'PersistentVolume') continue;
      const { claimRef } = volume.spec as Binding;
      const claim = claimRef && this.find('PersistentVolumeClaim', claimRef.name, claimRef.namespace);
      const isMeant = (claim?.spec as Binding | undefined)?.volumeName === volume.metadata?.name;
      const isBound = claim && isMeant && (!claimRef.uid || claimRef.uid === claim.metadata?.uid);
      const phase = isBound ? 'Bound' : claimRef?.uid ? 'Released' : 'Available';
      const spec = isBound ? { ...volume.spec, claimRef: { ...claimRef, uid: claim.metadata?.uid } } : volume.spec;
      Object.assign(volume, { spec, status: { phase } });
      if (claim) Object.assign(claim, { status: { phase: isBound ? 'Bound' : 'Pending' } });
    }
  }

  private record<Done>(verb: string, { kind, metadata }: Named, done: Done): Done {
    if (kind !== 'Lease') this.changes.record(`${verb} ${kind} ${metadata?.name}`);
    return done;
  }

  /** Leases are renewed by the clock, so what is asked of them has no place of its own. */
  private ask<Answer>(verb: string, { kind, metadata }: Named, what: () => Answer): Promise<Answer> {
    if (kind !== 'Lease') return this.changes.ask(`${verb} ${kind} ${metadata?.name ?? ''}`.trim(), what);
    this.changes.assertAlive();
    return (async () => what())();
  }

  /** How many pods of a Deployment are Ready, as its controller counts them. */
  private withStatus(object: LiveObject | undefined): LiveObject | undefined {
    if (object?.kind !== 'Deployment') return object;
    const { matchLabels = {} } =
      (object.spec as { readonly selector?: { readonly matchLabels?: object } }).selector ?? {};
    const isReady = ({ metadata, status }: V1Pod) =>
      !metadata?.deletionTimestamp &&
      Object.entries(matchLabels).every(([name, value]) => metadata?.labels?.[name] === value) &&
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    return untyped({ ...object, status: { readyReplicas: this.pods().filter(isReady).length } });
  }

  private list(kind: string, namespace?: string): object[] {
    if (kind === 'Pod') return [...this.pods()];
    if (kind === 'Node') {
      if (this.hidesNodes) throw new UnreachableError('the API server does not answer');
      return [...this.nodes];
    }
    return this.ofKind<LiveObject>(kind, namespace).filter((object) => object.kind === kind);
  }

  private write(object: LiveObject): LiveObject {
    const there = this.get(object);
    if (there?.metadata?.resourceVersion !== object.metadata?.resourceVersion) throw new ConflictError('it is another');
    this.admit(object);
    return this.record('write', object, this.put(object));
  }

  private create(object: LiveObject, dryRun: boolean): LiveObject | undefined {
    if (object.kind?.startsWith('ValidatingAdmission') && !this.hasAdmission) return undefined;
    this.admit(object);
    if (dryRun) return object;
    if (this.get(object)) throw new ConflictError('it exists');
    return this.record('create', object, this.put(object));
  }

  private patch(object: LiveObject): LiveObject | undefined {
    const there = this.get(object);
    if (!there) return undefined;
    const patched = { ...there, spec: { ...there.spec, ...object.spec } };
    this.admit(patched);
    return this.record('patch', object, this.put(patched));
  }

  private delete(named: Named, uid?: string): boolean {
    const there = this.get(named);
    if (!there) return false;
    if (uid && there.metadata?.uid !== uid) throw new ConflictError('it is another');
    this.remove(named);
    return this.record('delete', named, true);
  }

  /** The port that use cases get. */
  readonly client = untyped<ClusterClient>({
    list: (kind: string, namespace?: string) => this.ask('list', { kind }, () => this.list(kind, namespace)),
    read: (named: Named) => this.ask('read', named, () => this.withStatus(this.get(named))),
    write: (object: LiveObject) => this.ask('write', object, () => this.write(object)),
    create: (object: LiveObject, { dryRun = false } = {}) =>
      this.ask(dryRun ? 'dry-run' : 'create', object, () => this.create(object, dryRun)),
    patch: (object: LiveObject) => this.ask('patch', object, () => this.patch(object)),
    delete: (named: Named, { uid }: { readonly uid?: string } = {}) =>
      this.ask('delete', named, () => this.delete(named, uid)),
    dryRunReplace: (object: LiveObject) => this.ask('dry-run', object, () => (this.get(object) ? object : undefined)),
    admissionKinds: () =>
      this.ask('list', { kind: 'APIResource' }, () => (this.hasAdmission ? ['ValidatingAdmissionPolicy'] : [])),
    log: () => this.ask('log', { kind: 'Pod' }, () => ''),
  });
}

type Policy = LiveObject & {
  readonly spec: {
    readonly matchConstraints: { readonly resourceRules: readonly { readonly resources: readonly string[] }[] };
    readonly validations: readonly [{ readonly expression: string; readonly message: string }];
  };
};

type PodLike = { readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[] };

function claimsIn({ spec }: LiveObject): string[] {
  const template = (spec as { readonly template?: { readonly spec?: PodLike } } | undefined)?.template?.spec;
  const { volumes = [] } = template ?? (spec as PodLike | undefined) ?? {};
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}
