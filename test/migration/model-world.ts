import { UnreachableError } from '../../lib/core/problems';
import type { ClusterClient } from '../../lib/kubernetes/cluster-client';
import { ConflictError, type LiveObject, RefusedByServer } from '../../lib/kubernetes/cluster-client';
import { LeaseLost } from '../../lib/kubernetes/lease-lost';
import type { CutoverContext } from '../../lib/migration/cutover/cutover-context';
import type { VolumeMove } from '../../lib/migration/cutover/volume-move';
import type { MigrationEvent } from '../../lib/migration/events';
import { Journal } from '../../lib/migration/journal/journal';
import { resolveApp } from '../../lib/workload/model';
import { image, lun, share, untyped } from '../helpers';
import { uuid, wwn } from './facts';
import { boundObjectsOf, mountOf } from './storage-objects';

/** This process is dead: whatever it still asks for does not happen. */
export class Killed extends LeaseLost {}

const SCAN = 'a'.repeat(64);

/** From folders and LUNs to both. */
export const pairs: readonly VolumeMove[] = [
  [share('config'), lun('config-2')] as const,
  [lun('config'), lun('config-2')] as const,
  [lun('config'), share('config-2')] as const,
  [share('config'), share('config-2')] as const,
].map(([source, target]) => ({ mountPath: '/config', source, target, patches: [] }));
export const volume = pairs[0] as VolumeMove;

const claimOf = (pod: LiveObject) =>
  untyped<{ spec: { volumes: { persistentVolumeClaim: { claimName: string } }[] } }>(pod).spec.volumes[0]
    ?.persistentVolumeClaim.claimName;

/** A cluster, its nodes and a NAS as far as a cut-over can see them, with an app that runs on its old volume. */
export class ModelWorld {
  readonly objects = new Map<string, LiveObject>();
  readonly events: string[] = [];
  replicas = 1;
  claim = 'config';
  sealed = false;
  /** The attempt that the marker of the new volume names. */
  marked = 1;
  /** Rows that were written to a volume by the app, by claim. */
  readonly starts: string[] = [];
  lock: { live: Record<string, string>; sealed: object } = { live: {}, sealed: {} };
  readonly reported: MigrationEvent[] = [];
  /** What is wrong in this world. */
  fault: {
    readonly isUnwell?: boolean;
    readonly finalDeclines?: boolean;
    readonly sourceChanges?: boolean;
    readonly isBusy?: boolean;
    /** The node stays logged in to the new volume that the app was started on: for nothing, or since something holds it. */
    staysLoggedIn?: 'idle' | 'held';
    /** So many questions to the API server, or to nodes, get no answer while the app is asked for on its new volume. */
    apiIsOff?: number;
    sshIsOff?: number;
    /** One effect, as in `killAt`, fails since its request is lost, or its answer. */
    lostAt?: number;
    /** The pod that is there when the app is stopped does not end. */
    podHangs?: boolean;
    /** Claims that were deleted: each is gone with the last pod that uses it. */
    readonly deletedClaims?: readonly string[];
    /** Those of them that something else than the app uses, so that they stay. */
    readonly heldClaims?: readonly string[];
    /** Of a volume whose claim is gone. @default Released */
    readonly released?: string;
    /** Of claims, where they are not Bound. */
    readonly phases?: Readonly<Record<string, string>>;
    /** What node-b has mounted for the app, where that is not its volume. */
    readonly mounted?: string;
  } = {};
  /** Claims that two pods had at once. */
  readonly overlaps: string[] = [];
  /** A pod is Ready, and has its volumes, after so many looks at it on the new volume. */
  podIn = 0;
  /** The claim of a pod that is ending, and does not end. */
  hanging?: string;
  /** The process that works here ends at this event: 2n is before the n-th, 2n + 1 behind it. */
  killAt = Number.POSITIVE_INFINITY;

  private version = 0;

  constructor(readonly volume = pairs[0] as VolumeMove) {
    const source = { wwn: 'another', bytes: 1024 ** 3, uuid: 'another', attempt: 1 };
    const entry = { at: '', attempt: 1, uuid, wwn, bytes: 1024 ** 3, node: 'node-a', digest: '' };
    const isLun = volume.source.kind === 'iscsi';
    const journal = {
      version: 1,
      volumes: { 'config-2': [{ ...entry, state: 'prepared', ...(isLun && { source }) }] },
    };
    this.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'lunward-app', namespace: 'media' },
      ...{ data: { journal: JSON.stringify(journal) } },
    });
  }

  /** The state that two runs are compared by. */
  get state() {
    const journal = JSON.parse(
      untyped<{ data: { journal: string } }>(this.objects.get('ConfigMap/lunward-app')).data.journal,
    );
    const policy = untyped<{ spec: { validations: { message: string }[] } } | undefined>(
      [...this.objects.values()].find(({ kind }) => kind === 'ValidatingAdmissionPolicy'),
    );
    return {
      replicas: this.replicas,
      claim: this.claim,
      sealed: this.sealed,
      marked: this.marked,
      lock: this.lock,
      live: journal.live,
      cutover: journal.cutover,
      latest: journal.volumes['config-2'].at(-1).state,
      fence: policy?.spec.validations[0]?.message,
    };
  }

  /** The journal as a version before the gate was recorded has it. */
  forgetGate(): void {
    const object = untyped<LiveObject & { data: { journal: string } }>(this.objects.get('ConfigMap/lunward-app'));
    const journal = JSON.parse(object.data.journal);
    delete journal.cutover.gate;
    this.put(untyped({ ...object, data: { journal: JSON.stringify(journal) } }));
  }

  /** Another process that works here, on whatever machine. */
  async site(killAt = Number.POSITIVE_INFINITY): Promise<CutoverContext> {
    this.killAt = killAt;
    this.events.length = 0;
    const client = untyped<ClusterClient>(this.client);
    return {
      app: 'app',
      model: resolveApp(
        { image, config: [this.volume.source, this.volume.target] },
        { name: 'app', namespace: 'media' },
      ),
      client,
      nodes: ['node-a', 'node-b'].map((name) => ({ name, runner: untyped(this.runner(name)) })),
      owner: {
        name: 'kubectl',
        needsPulumi: false,
        refusals: async () => [],
        replicas: async () => this.replicas,
        workload: async () => {
          this.assertApi();
          const isReady = this.replicas > 0 && !(this.fault.isUnwell && this.claim === 'config-2');
          return { replicas: this.replicas, ready: isReady ? 1 : 0, claims: { '/config': this.claim } };
        },
        fence: async () => {},
        stop: () => this.effect('owner stops', () => this.scale(0)),
        switchClaim: () =>
          this.effect('owner switches', () => {
            this.claim = this.lock.live['/config'] ?? 'config';
          }),
        start: (replicas) => this.effect('owner starts', () => this.scale(replicas)),
        release: async () => {},
      },
      journal: await Journal.read(client, 'media', 'app'),
      writeLock: (live, sealed) => {
        this.assertAlive();
        this.lock = { live: { ...this.lock.live, ...live }, sealed: { ...this.lock.sealed, ...sealed } };
      },
      mayGoOn: () => this.assertAlive(),
      report: (event) => this.reported.push(event),
    };
  }

  private scale(replicas: number): void {
    if (replicas > 0 && this.replicas === 0) {
      this.starts.push(this.claim);
      if (this.hanging === this.claim) this.overlaps.push(this.claim);
    }
    if (replicas === 0 && this.replicas > 0 && this.fault.podHangs) this.hanging = this.claim;
    this.replicas = replicas;
  }

  private assertAlive(): void {
    if (this.killAt < 0) throw new Killed('dead');
  }

  private assertApi(): void {
    this.assertAlive();
    this.fault.apiIsOff = this.assertAnswers('the API server', this.fault.apiIsOff);
  }

  private assertSsh(): void {
    this.assertAlive();
    this.fault.sshIsOff = this.assertAnswers('the node', this.fault.sshIsOff);
  }

  /** @returns how many more questions get no answer */
  private assertAnswers(whose: string, times = 0): number {
    if (times === 0 || this.replicas === 0 || this.claim !== 'config-2') return times;
    if (whose === 'the node') this.fault.sshIsOff = times - 1;
    else this.fault.apiIsOff = times - 1;
    throw new UnreachableError(`${whose} does not answer`);
  }

  private async effect<T>(name: string, what: () => T): Promise<T> {
    this.assertAlive();
    const number = this.events.push(name) - 1;
    if (this.killAt === 2 * number) {
      this.killAt = -1;
      throw new Killed(`dead before ${name}`);
    }
    if (this.fault.lostAt === 2 * number) throw new UnreachableError(`the request was lost: ${name}`);
    const answer = what();
    if (this.fault.lostAt === 2 * number + 1) throw new UnreachableError(`the answer was lost: ${name}`);
    if (this.killAt === 2 * number + 1) {
      this.killAt = -1;
      throw new Killed(`dead behind ${name}`);
    }
    return answer;
  }

  private get pods(): LiveObject[] {
    if (this.replicas > 0 && this.claim === 'config-2' && this.podIn > 0) {
      this.podIn -= 1;
      return [];
    }
    const ending = this.hanging ? [this.pod('app-0', this.hanging, { deletionTimestamp: '2026-01-01T00:00:00Z' })] : [];
    return this.replicas === 0 ? ending : [...ending, this.pod('app-1', this.claim)];
  }

  private pod(name: string, claim: string, metadata = {}): LiveObject {
    const status = {
      conditions: [{ type: 'Ready', status: this.fault.isUnwell && claim === 'config-2' ? 'False' : 'True' }],
      initContainerStatuses:
        this.fault.isUnwell && claim === 'config-2'
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
    return [this.volume.source, this.volume.target].map((volume) => {
      const { claim, persistentVolume } = boundObjectsOf(volume);
      const { deletedClaims, heldClaims, released = 'Released', phases } = this.fault;
      const phase = phases?.[volume.name] ?? 'Bound';
      if (!deletedClaims?.includes(volume.name)) return { claim: { ...claim, status: { phase } }, persistentVolume };
      const isUsed = (this.replicas > 0 && this.claim === volume.name) || heldClaims?.includes(volume.name);
      if (!isUsed) return { persistentVolume: { ...persistentVolume, status: { phase: released } } };
      const metadata = { ...claim.metadata, deletionTimestamp: new Date(0) };
      return { claim: { ...claim, metadata }, persistentVolume };
    });
  }

  private put(object: LiveObject): LiveObject {
    const put = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } };
    this.objects.set(`${object.kind}/${object.metadata?.name}`, put);
    return put;
  }

  /** As an API server does it: nothing takes the place of what was written since it was read. */
  private putNext(object: LiveObject): LiveObject {
    const there = this.objects.get(`${object.kind}/${object.metadata?.name}`);
    if (there?.metadata?.resourceVersion !== object.metadata?.resourceVersion) throw new ConflictError('it is another');
    return this.put(object);
  }

  private readonly client = {
    list: async (kind: string): Promise<unknown[]> => {
      this.assertApi();
      if (kind === 'Pod') return this.pods;
      if (kind === 'Node') return ['node-a', 'node-b'].map((name) => ({ metadata: { name } }));
      if (kind === 'PersistentVolumeClaim') return this.storage.flatMap(({ claim }) => claim ?? []);
      if (kind === 'PersistentVolume') return this.storage.map(({ persistentVolume }) => persistentVolume);
      return [];
    },
    read: async ({ kind, metadata }: LiveObject) => {
      this.assertApi();
      return this.objects.get(`${kind}/${metadata?.name}`);
    },
    write: async (object: LiveObject) => {
      this.assertApi();
      return this.effect(`writes ${object.kind}`, () => this.putNext(object));
    },
    create: async (object: LiveObject, { dryRun = false } = {}) => {
      if (!dryRun) return this.effect(`creates ${object.kind}`, () => this.put(object));
      this.assertAlive();
      const policy = untyped<{ metadata: { name: string }; spec: { validations: { message: string }[] } } | undefined>(
        [...this.objects.values()].find(({ kind }) => kind === 'ValidatingAdmissionPolicy'),
      );
      if (policy) throw new RefusedByServer(`'${policy.metadata.name}': ${policy.spec.validations[0]?.message}`);
      return object;
    },
    delete: ({ kind, metadata }: LiveObject) =>
      this.effect(`deletes ${kind}`, () => this.objects.delete(`${kind}/${metadata?.name}`)),
    dryRunReplace: async (object: LiveObject) => object,
    log: async () => {
      this.assertApi();
      return '';
    },
  };

  private sealAgain(text: string) {
    const parameter = (parameterName: string) => Number(new RegExp(`^${parameterName}='?(\\d+)`, 'm').exec(text)?.[1]);
    const [attempt, before] = [parameter('attempt'), parameter('before')];
    if (this.marked === attempt) return { result: 'unchanged', facts: {} };
    if (this.marked !== before) return { result: 'declined', reason: `the marker says ${this.marked}` };
    this.marked = attempt;
    return { result: 'changed', facts: {} };
  }

  private endSession() {
    const { staysLoggedIn } = this.fault;
    if (staysLoggedIn === 'held') return { result: 'declined', reason: 'it is held', facts: {} };
    this.fault.staysLoggedIn = undefined;
    return { result: staysLoggedIn ? 'changed' : 'unchanged', facts: {} };
  }

  private runner(node: string) {
    const has = (claim: string) => node === 'node-b' && this.pods.some((pod) => claimOf(pod) === claim);
    const mounted = () => has('config');
    const disk = () => has('config-2');
    const uses = (text: string) => (/^path=.*config-2/m.test(text) ? disk() : mounted() || this.fault.isBusy);
    const facts: Record<string, (text: string) => unknown> = {
      'source-users': (text) => ({
        mounts: uses(text) ? [{ source: 'nas', mountpoint: '/config', process: 0 }] : [],
      }),
      'node-facts': () => ({
        sessions: [
          ...((this.volume.target.kind === 'iscsi' && disk()) || (this.fault.staysLoggedIn && this.claim === 'config-2')
            ? [{ iqn: lun('config-2').iqn, state: 'LOGGED_IN', disks: [] }]
            : []),
          ...(this.volume.source.kind === 'iscsi' && (mounted() || this.fault.isBusy)
            ? [{ iqn: this.volume.source.iqn, state: 'LOGGED_IN', disks: [] }]
            : []),
        ],
      }),
      'scan-source': () => ({ scan: this.fault.sourceChanges ? 'b'.repeat(64) : SCAN, entries: 1 }),
      'pod-mounts': () => {
        const live = this.claim === 'config' ? this.volume.source : this.volume.target;
        const { mounted: other } = this.fault;
        return { mounts: [{ ...mountOf(live), ...(other && { source: other, disks: [] }) }] };
      },
      'probe-lun': () => ({ luns: [{ lun: 1, wwn, uuid, use: disk() ? 'mounted at /var/lib/kubelet' : '' }] }),
      'ask-http': () => ({ status: 200, problem: '' }),
    };
    return {
      run: async ({ name, text }: { name: string; text: string }) => {
        if (name === 'end-session') return this.effect('ending a session', () => this.endSession());
        if (name === 'seal-volume') return this.effect('sealing again', () => this.sealAgain(text));
        this.assertSsh();
        return { result: 'unchanged', facts: facts[name]?.(text) };
      },
      unit: () => ({
        start: () =>
          this.effect('final copy', () => {
            if (!this.fault.finalDeclines) this.sealed = true;
          }),
        reattach: async () => {
          this.assertAlive();
          if (this.fault.finalDeclines) return { result: 'declined', reason: 'the volume is full' };
          return { result: 'changed', facts: { scan: SCAN, manifest: 'c'.repeat(64), files: 1 } };
        },
        cancel: async () => this.assertAlive(),
      }),
    };
  }
}
