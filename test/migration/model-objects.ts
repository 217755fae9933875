import type { ClusterClient } from '../../lib/kubernetes/cluster-client';
import { ConflictError, type LiveObject, RefusedByServer } from '../../lib/kubernetes/cluster-client';
import { untyped } from '../helpers';
import type { ModelWorld } from './model-world';
import { boundObjectsOf } from './storage-objects';

/** What is in the cluster of a world, besides its objects. */
export class ModelObjects {
  private version = 0;

  constructor(private readonly world: ModelWorld) {}

  get pods(): LiveObject[] {
    if (this.world.replicas > 0 && this.world.claim === 'config-2' && this.world.podIn > 0) {
      this.world.podIn -= 1;
      return [];
    }
    const ending = this.world.hanging
      ? [this.pod('app-0', this.world.hanging, { deletionTimestamp: '2026-01-01T00:00:00Z' })]
      : [];
    return this.world.replicas === 0 ? ending : [...ending, this.pod('app-1', this.world.claim)];
  }

  private pod(name: string, claim: string, metadata = {}): LiveObject {
    const status = {
      conditions: [{ type: 'Ready', status: this.world.fault.isUnwell && claim === 'config-2' ? 'False' : 'True' }],
      initContainerStatuses:
        this.world.fault.isUnwell && claim === 'config-2'
          ? [{ name: 'lunward-guard', state: { terminated: { exitCode: 1 } } }]
          : [],
      containerStatuses: [{ name: 'app', restartCount: 0, state: { running: {} } }],
    };
    const volumes = [{ name: 'config', persistentVolumeClaim: { claimName: claim } }];
    const containers = [{ name: 'app', volumeMounts: [{ name: 'config', mountPath: '/config' }] }];
    const labels = { 'app.kubernetes.io/name': 'app' };
    return untyped({
      metadata: { name, namespace: 'media', uid: `uid-of-${name}`, labels, ...metadata },
      spec: { nodeName: 'node-b', containers, volumes },
      status,
    });
  }

  /** Claims and PersistentVolumes of both volumes. */
  private get storage() {
    return [this.world.volume.source, this.world.volume.target].map((volume) => {
      const { claim, persistentVolume } = boundObjectsOf(volume);
      const { deletedClaims, heldClaims, released = 'Released', phases } = this.world.fault;
      const phase = phases?.[volume.name] ?? 'Bound';
      if (!deletedClaims?.includes(volume.name)) return { claim: { ...claim, status: { phase } }, persistentVolume };
      const isUsed = (this.world.replicas > 0 && this.world.claim === volume.name) || heldClaims?.includes(volume.name);
      if (!isUsed) return { persistentVolume: { ...persistentVolume, status: { phase: released } } };
      const metadata = { ...claim.metadata, deletionTimestamp: new Date(0) };
      return { claim: { ...claim, metadata }, persistentVolume };
    });
  }

  put(object: LiveObject): LiveObject {
    const put = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } };
    this.world.objects.set(`${object.kind}/${object.metadata?.name}`, put);
    return put;
  }

  /** As an API server does it: nothing takes the place of what was written since it was read. */
  private putNext(object: LiveObject): LiveObject {
    const there = this.world.objects.get(`${object.kind}/${object.metadata?.name}`);
    if (there?.metadata?.resourceVersion !== object.metadata?.resourceVersion) throw new ConflictError('it is another');
    return this.put(object);
  }

  /** The port that a cut-over gets. */
  readonly client = untyped<ClusterClient>({
    list: async (kind: string): Promise<unknown[]> => {
      this.world.assertApi();
      if (kind === 'Pod') return this.pods;
      if (kind === 'Node') return ['node-a', 'node-b'].map((name) => ({ metadata: { name } }));
      if (kind === 'PersistentVolumeClaim') return this.storage.flatMap(({ claim }) => claim ?? []);
      if (kind === 'PersistentVolume') return this.storage.map(({ persistentVolume }) => persistentVolume);
      return [];
    },
    read: async ({ kind, metadata }: LiveObject) => {
      this.world.assertApi();
      return this.world.objects.get(`${kind}/${metadata?.name}`);
    },
    write: async (object: LiveObject) => {
      this.world.assertApi();
      return this.world.effect(`writes ${object.kind}`, () => this.putNext(object));
    },
    create: async (object: LiveObject, { dryRun = false } = {}) => {
      if (!dryRun) return this.world.effect(`creates ${object.kind}`, () => this.put(object));
      this.world.assertAlive();
      const policy = untyped<{ metadata: { name: string }; spec: { validations: { message: string }[] } } | undefined>(
        [...this.world.objects.values()].find(({ kind }) => kind === 'ValidatingAdmissionPolicy'),
      );
      if (policy) throw new RefusedByServer(`'${policy.metadata.name}': ${policy.spec.validations[0]?.message}`);
      return object;
    },
    delete: ({ kind, metadata }: LiveObject) =>
      this.world.effect(`deletes ${kind}`, () => this.world.objects.delete(`${kind}/${metadata?.name}`)),
    admissionKinds: async () => {
      this.world.assertApi();
      return ['ValidatingAdmissionPolicy'];
    },
    dryRunReplace: async (object: LiveObject) => object,
    log: async () => {
      this.world.assertApi();
      return '';
    },
  });
}
