import type { V1Pod, V1PodTemplateSpec } from '@kubernetes/client-node' with { 'resolution-mode': 'import' };
import { type LiveObject, RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { untyped } from '../../helpers';
import type { ModelCluster } from './cluster';
import type { PodMount } from './opened';
import { DATABASE, type Place, type Storage } from './storage';

/** What makes pods and is not the app: they have no guard, and mount whatever claim they name. */
export type OtherKind = 'CronJob' | 'Deployment' | 'StatefulSet';

type Template = { readonly template: V1PodTemplateSpec; readonly replicas?: number };
type Workload = LiveObject & { readonly spec: Template & { readonly jobTemplate?: { readonly spec: Template } } };

interface OtherPod {
  readonly object: V1Pod;
  mounts?: Readonly<Record<string, PodMount>>;
  /** Looks at it until it ends; of a pod that is to stay, none. */
  looks?: number;
  isEnding?: boolean;
}

/** A workload whose pods mount a claim. */
export function otherWorkload(kind: OtherKind, name: string, claimName: string, replicas = 0): object {
  const spec = { containers: [], volumes: [{ name: 'state', persistentVolumeClaim: { claimName } }] };
  const template = { metadata: { labels: { of: name } }, spec };
  const metadata = { name, namespace: 'media' };
  return kind === 'CronJob'
    ? { apiVersion: 'batch/v1', kind, metadata, spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template } } } }
    : { apiVersion: 'apps/v1', kind, metadata, spec: { replicas, template } };
}

/** The pods of other workloads than the app, beside it on its node. Each writes a row when it starts, and another before it ends. */
export class OtherPods {
  private pods: OtherPod[] = [];
  /** Pods that the API server has refused to Jobs until now, with how often it is asked again. */
  private jobs: { readonly pod: V1Pod; tries: number }[] = [];
  private made = 0;

  /** @param mount the mounts of a pod, or nothing where they can't be made */
  constructor(
    private readonly cluster: ModelCluster,
    private readonly storage: Storage,
    private readonly mount: (pod: V1Pod) => Record<string, PodMount> | undefined,
  ) {}

  /** Takes over the pods of another one, on the places here of their places there. */
  take(other: OtherPods, here: (place: Place) => Place): void {
    const moved = (mounts: Readonly<Record<string, PodMount>>) =>
      Object.fromEntries(Object.entries(mounts).map(([name, one]) => [name, { ...one, place: here(one.place) }]));
    this.pods = other.pods.map(({ mounts, ...pod }) => ({ ...pod, ...(mounts && { mounts: moved(mounts) }) }));
    this.jobs = other.jobs.map((job) => ({ ...job }));
    this.made = other.made;
  }

  /** It is time for each CronJob: it tries so often to get a pod, which ends by itself. */
  fire(tries: number): void {
    for (const { metadata, spec } of this.cluster.ofKind<Workload>('CronJob')) {
      this.jobs.push({ pod: this.podOf(metadata?.name ?? '', spec.jobTemplate?.spec.template), tries });
    }
    this.reconcile();
  }

  /** Lets time pass for pods that are to end. */
  look(): V1Pod[] {
    this.reconcile();
    const over = this.pods.filter((pod) => pod.looks !== undefined && pod.looks-- <= 0);
    for (const pod of over) this.write(pod);
    this.pods = this.pods.filter((pod) => !over.includes(pod));
    return this.pods.map(({ object, mounts, isEnding }) =>
      untyped<V1Pod>({
        ...object,
        metadata: { ...object.metadata, ...(isEnding && { deletionTimestamp: new Date(0) }) },
        status: { phase: mounts ? 'Running' : 'Pending', conditions: [], containerStatuses: [] },
      }),
    );
  }

  mounts(): PodMount[] {
    this.reconcile();
    return this.pods.flatMap(({ mounts = {} }) => Object.values(mounts));
  }

  private reconcile(): void {
    this.reconcileControllers();
    for (const job of this.jobs) {
      job.tries -= 1;
      if (this.admit(job.pod, LOOKS_OF_A_JOB)) job.tries = 0;
    }
    this.jobs = this.jobs.filter(({ tries }) => tries > 0);
    for (const pod of this.pods.filter(({ mounts, isEnding }) => !mounts && !isEnding)) {
      const mounts = this.mount(pod.object);
      if (!mounts) continue;
      pod.mounts = mounts;
      this.write(pod);
    }
  }

  private reconcileControllers(): void {
    const all = ['Deployment', 'StatefulSet'].flatMap((kind) => this.cluster.ofKind<Workload>(kind));
    const wanted = all.filter(({ metadata, spec }) => metadata?.name !== 'app' && (spec.replicas ?? 0) > 0);
    for (const pod of this.pods.filter(({ looks }) => looks === undefined)) {
      if (wanted.some(({ metadata }) => metadata?.name === ownerOf(pod.object))) continue;
      Object.assign(pod, { looks: LOOKS_TO_END, isEnding: true });
    }
    for (const { metadata, spec } of wanted) {
      if (!this.pods.some(({ object }) => ownerOf(object) === metadata?.name))
        this.admit(this.podOf(metadata?.name ?? '', spec.template));
    }
  }

  private podOf(owner: string, template: V1PodTemplateSpec | undefined): V1Pod {
    this.made += 1;
    const name = `${owner}-${this.made}`;
    const metadata = { ...template?.metadata, name, namespace: 'media', uid: `uid-of-${name}` };
    return untyped({ kind: 'Pod', metadata, spec: { ...template?.spec, nodeName: 'node-b' } });
  }

  private admit(object: V1Pod, looks?: number): boolean {
    try {
      this.cluster.admit(untyped<LiveObject>(object));
    } catch (error) {
      if (error instanceof RefusedByServer) return false;
      throw error;
    }
    this.pods.push({ object, ...(looks !== undefined && { looks }) });
    return true;
  }

  private write({ object, mounts = {} }: OtherPod): void {
    for (const { place } of Object.values(mounts)) {
      const rows = place.files[DATABASE] ?? '';
      const row = `row of ${object.metadata?.name}`;
      if (!rows.split('\n').includes(row)) this.storage.acknowledged.push({ place, row });
      place.files = { ...place.files, [DATABASE]: `${rows}${row}\n` };
    }
  }
}

const ownerOf = ({ metadata }: V1Pod) => metadata?.labels?.of;

const LOOKS_TO_END = 2;
const LOOKS_OF_A_JOB = 5;
