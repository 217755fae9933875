import { isDeepStrictEqual } from 'node:util';
import type { Lock } from '../../lib/cluster/lock';
import { UnreachableError } from '../../lib/core/problems';
import type { LiveObject } from '../../lib/kubernetes/cluster-client';
import type { CutoverContext } from '../../lib/migration/cutover/cutover-context';
import type { VolumeMove } from '../../lib/migration/cutover/volume-move';
import type { MigrationEvent } from '../../lib/migration/events';
import { Journal } from '../../lib/migration/journal/journal';
import { identityOfLun } from '../../lib/storage/iscsi/identity';
import { identityOfFolder } from '../../lib/storage/nfs/identity';
import { resolveApp } from '../../lib/workload/model';
import { image, lun, share, untyped } from '../helpers';
import { uuid, wwn } from './facts';
import { ModelAnswers } from './model-answers';
import type { Faults } from './model-faults';
import { ModelObjects } from './model-objects';
import { Killed } from './world/changes';

export { Killed };

/** From folders and LUNs to both. */
export const pairs: readonly VolumeMove[] = [
  [share('config'), lun('config-2')] as const,
  [lun('config'), lun('config-2')] as const,
  [lun('config'), share('config-2')] as const,
  [share('config'), share('config-2')] as const,
].map(([source, target]) => ({ mountPath: '/config', source, target, patches: [] }));
export const volume = pairs[0] as VolumeMove;

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
  lock: { live: Lock['live'][string]; sealed: NonNullable<Lock['sealed']>[string] } = { live: {}, sealed: {} };
  readonly reported: MigrationEvent[] = [];
  /** What is wrong in this world. */
  fault: Faults = {};
  /** Claims that two pods had at once. */
  readonly overlaps: string[] = [];
  /** A pod is Ready, and has its volumes, after so many looks at it on the new volume. */
  podIn = 0;
  /** The claim of a pod that is ending, and does not end. */
  hanging?: string;
  /** The process that works here ends at this event: 2n is before the n-th, 2n + 1 behind it. */
  killAt = Number.POSITIVE_INFINITY;

  private readonly cluster = new ModelObjects(this);
  private readonly answers = new ModelAnswers(this, this.cluster);

  constructor(readonly volume = pairs[0] as VolumeMove) {
    const { source: from, target: to } = volume;
    const disk = { kind: 'iscsi', wwn: 'another', bytes: 1024 ** 3 };
    const source =
      from.kind === 'iscsi' ? { place: disk, uuid: 'another', attempt: 1 } : { place: identityOfFolder(from) };
    const target = to.kind === 'iscsi' ? identityOfLun({ wwn, bytes: 1024 ** 3 }) : identityOfFolder(to);
    const entry = { at: '', attempt: 1, uuid, target, source, node: 'node-a', digest: '' };
    const journal = {
      version: 2,
      volumes: { 'config-2': [{ ...entry, state: 'prepared' }] },
    };
    this.cluster.put({
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
    this.cluster.put(untyped({ ...object, data: { journal: JSON.stringify(journal) } }));
  }

  /** Another process that works here, on whatever machine. */
  async site(killAt = Number.POSITIVE_INFINITY): Promise<CutoverContext> {
    this.killAt = killAt;
    this.events.length = 0;
    const { client } = this.cluster;
    const model = resolveApp(
      { image, config: [this.volume.source, this.volume.target] },
      { name: 'app', namespace: 'media' },
    );
    return {
      app: 'app',
      model,
      described: async () => model,
      client,
      nodes: ['node-a', 'node-b'].map((name) => ({ name, runner: untyped(this.answers.runner(name)) })),
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
      project: {
        changeLock: async (change) => {
          this.assertAlive();
          const lock: Lock = { version: 1, live: { app: this.lock.live }, sealed: { app: this.lock.sealed } };
          const changed = change(lock);
          if (isDeepStrictEqual(changed, lock)) return 'unchanged';
          this.lock = { live: changed.live.app ?? {}, sealed: changed.sealed?.app ?? {} };
          return 'changed';
        },
      },
      signal: new AbortController().signal,
      leaseSignal: new AbortController().signal,
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

  assertAlive(): void {
    if (this.killAt < 0) throw new Killed('dead');
  }

  assertApi(): void {
    this.assertAlive();
    this.fault.apiIsOff = this.assertAnswers('the API server', this.fault.apiIsOff);
  }

  assertSsh(): void {
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

  /** Something that changes the world. */
  async effect<T>(name: string, what: () => T): Promise<T> {
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
}
