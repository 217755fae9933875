import type { V1Deployment, V1PersistentVolume, V1Pod } from '@kubernetes/client-node' with {
  'resolution-mode': 'import',
};
import type { LiveObject } from '../../../lib/kubernetes/cluster-client';
import { RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { isGuard } from '../../../lib/workload/guard';
import { untyped } from '../../helpers';
import type { ModelCluster } from './cluster';
import { modelKinds } from './kinds';
import type { PodMount } from './opened';
import { OtherPods } from './other-pods';
import { DATABASE, type Place, type Storage } from './storage';

const NODE = 'node-b';

interface RunningPod {
  readonly object: V1Pod;
  /** Volumes of the pod that are mounted, by their names in it; none before all of them could be. */
  mounts?: Readonly<Record<string, PodMount>>;
  isRefused?: boolean;
  isStarted?: boolean;
}

/** The Deployment's controller, and the kubelet of node-b: the app runs there, and writes a row each time that it starts. */
export class Kubelet {
  private pod: RunningPod | undefined;
  /** Pods that are asked to end, which takes so many looks at them. */
  private ending: { readonly pod: RunningPod; looks: number }[] = [];
  private made = 0;
  /** Pods of other workloads. */
  readonly others: OtherPods;
  /** What the app's last pod had mounted, and what others had when that one was asked to end. */
  private left: { readonly app: readonly Place[]; readonly others: readonly PodMount[] } = { app: [], others: [] };
  /** Whether pods that are asked to end do so. */
  endsPods = true;
  /** Claims that the app is not well on. */
  unwellOn: readonly string[] = [];
  /** Claims on which it is Ready, and does not answer its health check. */
  unansweredOn: readonly string[] = [];

  constructor(
    private readonly cluster: ModelCluster,
    private readonly storage: Storage,
    private readonly namespace: string,
  ) {
    cluster.pods = () => [...this.pods(), ...this.others.look()];
    this.others = new OtherPods(cluster, storage, (pod) => this.mounted(pod));
  }

  /** Takes over the pods of another one, on the places here of their places there. */
  take(other: Kubelet, here: (place: Place) => Place): void {
    const taken = ({ mounts, ...pod }: RunningPod): RunningPod => ({
      ...pod,
      ...(mounts && {
        mounts: Object.fromEntries(
          Object.entries(mounts).map(([name, mount]) => [name, { ...mount, place: here(mount.place) }]),
        ),
      }),
    });
    this.pod = other.pod && taken(other.pod);
    this.ending = other.ending.map(({ pod, looks }) => ({ pod: taken(pod), looks }));
    this.made = other.made;
    this.others.take(other.others, here);
    this.left = {
      app: other.left.app.map(here),
      others: other.left.others.map((mount) => ({ ...mount, place: here(mount.place) })),
    };
    this.endsPods = other.endsPods;
    this.unwellOn = other.unwellOn;
    this.unansweredOn = other.unansweredOn;
  }

  pods(): V1Pod[] {
    this.reconcile();
    if (this.endsPods) this.ending = this.ending.filter((one) => one.looks-- > 0);
    const ending = this.ending.map(({ pod: { object, ...pod } }) => ({
      ...object,
      metadata: { ...object.metadata, deletionTimestamp: new Date(0) },
      status: this.statusOf({ object, ...pod }),
    }));
    return [...ending, ...(this.pod ? [{ ...this.pod.object, status: this.statusOf(this.pod) }] : [])];
  }

  mounts(): PodMount[] {
    this.reconcile();
    const own = [...this.ending.map(({ pod }) => pod), ...(this.pod ? [this.pod] : [])];
    return [...own.flatMap(({ mounts = {} }) => Object.values(mounts)), ...this.others.mounts()];
  }

  /** What the app answers over HTTP. */
  httpStatus(): number {
    this.reconcile();
    return this.pod && this.usesOf(this.pod, this.unansweredOn) ? 404 : 200;
  }

  private usesOf({ object }: RunningPod, claims: readonly string[]): boolean {
    return (object.spec?.volumes ?? []).some(({ persistentVolumeClaim: claim }) =>
      claims.includes(claim?.claimName ?? ''),
    );
  }

  private reconcile(): void {
    const deployment = this.cluster.find<V1Deployment>('Deployment', 'app', this.namespace);
    const template = (deployment?.spec?.replicas ?? 0) > 0 ? deployment?.spec?.template : undefined;
    const isWanted = this.pod && template && JSON.stringify(this.pod.object.spec) === podSpec(template.spec);
    if (this.pod && !isWanted) {
      this.ending.push({ pod: this.pod, looks: LOOKS_TO_END });
      const app = Object.values(this.pod.mounts ?? {}).map(({ place }) => place);
      if (this.pod.isStarted) this.left = { app, others: this.others.mounts() };
      this.pod = undefined;
    }
    if (!this.pod && template)
      this.pod = this.admitted({ metadata: { labels: template.metadata?.labels }, spec: template.spec });
    if (this.pod && !this.pod.isStarted) this.start(this.pod);
  }

  private admitted({ metadata, spec }: V1Pod): RunningPod | undefined {
    const name = `app-${this.made + 1}`;
    const object: V1Pod = {
      kind: 'Pod',
      metadata: { ...metadata, name, namespace: this.namespace, uid: `uid-of-${name}` },
      spec: JSON.parse(podSpec(spec)),
    };
    try {
      this.cluster.admit(untyped<LiveObject>(object));
      this.made += 1;
      return { object };
    } catch (error) {
      if (error instanceof RefusedByServer) return undefined;
      throw error;
    }
  }

  private start(pod: RunningPod): void {
    pod.mounts = this.mounted(pod.object);
    if (!pod.mounts) return;
    const { mounts } = pod;
    pod.isRefused = (pod.object.spec?.initContainers ?? []).filter(isGuard).some(({ args = [], volumeMounts = [] }) => {
      const marker = mounts[volumeMounts[0]?.name ?? '']?.place.marker;
      const said = marker && [marker.state, marker.attempt, marker.volume, marker.uuid].join(' ');
      return said !== ['sealed', ...args.slice(2)].join(' ');
    });
    if (pod.isRefused) return;
    pod.isStarted = true;
    const left = this.ending.flatMap((one) => Object.values(one.pod.mounts ?? {})).map(({ place }) => place);
    if (Object.values(mounts).some(({ place }) => left.includes(place)))
      this.storage.violated('two pods write to one volume');
    const stayed = this.others.mounts().filter(({ podUid }) => this.left.others.some((one) => one.podUid === podUid));
    const shared = Object.values(mounts).find(
      ({ place }) => !this.left.app.includes(place) && stayed.some((one) => one.place === place),
    );
    if (shared)
      this.storage.violated(`the app was moved onto ${shared.place.name}, which another pod had all the time`);
    for (const { place } of Object.values(mounts)) {
      this.storage.acknowledged.push({ place, row: `row of ${pod.object.metadata?.name}` });
      place.files = {
        ...place.files,
        [DATABASE]: `${place.files[DATABASE] ?? ''}row of ${pod.object.metadata?.name}\n`,
      };
    }
  }

  /** @returns nothing where one of them can't be mounted: its claim is not bound, or its disk has no file system */
  private mounted({ metadata, spec }: V1Pod): Record<string, PodMount> | undefined {
    const mounts: Record<string, PodMount> = {};
    for (const { name, persistentVolumeClaim } of spec?.volumes ?? []) {
      if (!persistentVolumeClaim) continue;
      const volume = this.boundTo(persistentVolumeClaim.claimName);
      const place = volume && this.placeOf(volume);
      if (!place || (place.kind === 'iscsi' && !place.fileSystem)) return undefined;
      const { iscsi } = volume.spec ?? {};
      mounts[name] = {
        place,
        node: NODE,
        pod: metadata?.name ?? '',
        podUid: metadata?.uid ?? '',
        persistentVolume: volume.metadata?.name ?? '',
        ...(iscsi && { lun: { iqn: iscsi.iqn, lun: iscsi.lun } }),
      };
    }
    return mounts;
  }

  private boundTo(claim: string): V1PersistentVolume | undefined {
    const found = this.cluster.find('PersistentVolumeClaim', claim, this.namespace);
    const bound = untyped<{ spec: { volumeName: string }; status?: { phase: string } } | undefined>(found);
    if (bound?.status?.phase !== 'Bound') return undefined;
    return this.cluster.find<V1PersistentVolume>('PersistentVolume', bound.spec.volumeName);
  }

  private placeOf({ spec }: V1PersistentVolume): Place | undefined {
    const [key] = spec ? modelKinds.flatMap((kind) => kind.mountedKey(spec, NODE) ?? []) : [];
    return key === undefined ? undefined : this.storage.at(key);
  }

  private statusOf(pod: RunningPod): V1Pod['status'] {
    const { isRefused, isStarted } = pod;
    const isUnwell = this.usesOf(pod, this.unwellOn);
    const running = { name: 'app', ready: !isUnwell, restartCount: isUnwell ? 3 : 0, state: { running: {} } };
    return untyped({
      phase: isStarted ? 'Running' : 'Pending',
      podIP: '10.42.0.7',
      conditions: [{ type: 'Ready', status: isStarted && !isUnwell ? 'True' : 'False' }],
      initContainerStatuses: isRefused
        ? [{ name: 'lunward-guard', state: { terminated: { exitCode: 1, message: 'it is another volume' } } }]
        : [],
      containerStatuses: isStarted ? [running] : [],
    });
  }
}

const LOOKS_TO_END = 2;

const podSpec = (spec: V1Pod['spec']) => JSON.stringify({ ...spec, nodeName: NODE });
