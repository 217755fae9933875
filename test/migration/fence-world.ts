import { type ClusterClient, type LiveObject, RefusedByServer } from '../../lib/kubernetes/cluster-client';
import { cutOver, type Moved } from '../../lib/migration/cutover/cut-over';
import type { CutoverContext } from '../../lib/migration/cutover/cutover-context';
import { rollBack } from '../../lib/migration/cutover/roll-back';
import type { VolumeMove } from '../../lib/migration/cutover/volume-move';
import type { Cutover } from '../../lib/migration/journal/cutover';
import { resolveApp } from '../../lib/workload/model';
import { image, lun, share, untyped } from '../helpers';
import { ModelWorld, pairs } from './model-world';

const [first, data, data2] = [share('config-first'), share('data'), lun('data-2')];

/** A world whose fence can be read, in which the app never starts, and is never scaled, against its own fence. */
export class FenceWorld extends ModelWorld {
  /** A cluster before Kubernetes 1.30. */
  isWithoutAdmission = false;
  /** Another policy of the cluster refuses the pod that proves a fence. */
  isProbeRefused = false;

  /**
   * @param hasHistory the app was moved before: `/config` from `config-first` to where it is now, and `/data` from `data` to
   *   `data-2`; the fence of that is gone, so that whoever wants it there must put it
   */
  constructor(
    private readonly hasHistory = false,
    pair: VolumeMove = pairs[0] as VolumeMove,
  ) {
    super(pair);
    if (!hasHistory) return;
    this.writeJournal({
      ...this.journal,
      live: { '/config': 'config', '/data': 'data-2' },
      before: { '/config': 'config-first', '/data': 'data' },
    });
  }

  get journal(): Record<string, unknown> & { cutover?: Cutover; live?: Record<string, string> } {
    return JSON.parse(untyped<{ data: { journal: string } }>(this.objects.get('ConfigMap/lunward-app')).data.journal);
  }

  private writeJournal(journal: object): void {
    const found = this.objects.get('ConfigMap/lunward-app') as LiveObject;
    this.objects.set('ConfigMap/lunward-app', untyped({ ...found, data: { journal: JSON.stringify(journal) } }));
  }

  /** What the fence refuses; nothing where there is none. */
  get fence():
    | { readonly claims: readonly string[]; readonly workloads: boolean; readonly message: string }
    | undefined {
    const policy = untyped<
      | {
          spec: {
            validations: [{ expression: string; message: string }];
            matchConstraints: { resourceRules: readonly unknown[] };
          };
        }
      | undefined
    >([...this.objects.values()].find(({ kind }) => kind === 'ValidatingAdmissionPolicy'));
    if (!policy) return undefined;
    const { validations, matchConstraints } = policy.spec;
    const [{ expression, message }] = validations;
    const claims = JSON.parse(/claimName in (\[[^\]]*\])/.exec(expression)?.[1] ?? '[]') as string[];
    return { claims, workloads: matchConstraints.resourceRules.length > 1, message };
  }

  override async site(killAt?: number): Promise<CutoverContext> {
    const site = await super.site(killAt);
    const { source, target } = this.volume;
    const props = this.hasHistory
      ? { image, config: [first, source, target], mounts: { '/data': [data, data2] } }
      : { image, config: [source, target] };
    const { owner, client } = site;
    const resolved = () => resolveApp(props, { name: 'app', namespace: 'media', live: this.lock.live });
    return {
      ...site,
      model: resolved(),
      described: async () => resolved(),
      owner: {
        ...owner,
        stop: () => this.scaled('workloads', () => owner.stop()),
        start: (replicas) => this.scaled(replicas > 0 ? 'pods' : 'workloads', () => owner.start(replicas)),
      },
      client: untyped<ClusterClient>({
        ...client,
        admissionKinds: async () => (this.isWithoutAdmission ? [] : client.admissionKinds()),
        create: async (object: LiveObject, options?: object) => {
          if (this.isWithoutAdmission && object.kind?.startsWith('ValidatingAdmission')) return undefined;
          if (this.isProbeRefused && object.kind === 'Pod') throw new RefusedByServer('no image of that registry');
          return client.create(object, options);
        },
      }),
    };
  }

  /** What a fence refuses that should not: the app's own Deployment while it is scaled, or its pods. */
  private async scaled(what: 'pods' | 'workloads', scale: () => Promise<void>): Promise<void> {
    const { claims = [], workloads = false } = this.fence ?? {};
    if (claims.includes(this.claim) && (what === 'pods' || workloads)) {
      throw new Error(`the fence refuses ${what} of ${this.claim}, which the app is on: ${claims.join(', ')}`);
    }
    return scale();
  }

  async move(killAt?: number): Promise<Moved | undefined> {
    return cutOver(await this.site(killAt), [this.volume], { onUnhealthy: 'rollback' });
  }

  /** As the command does it: what is under way, else what went before. */
  async goBack(killAt?: number): Promise<void> {
    const site = await this.site(killAt);
    const volumes = [{ mountPath: '/config', from: 'config', to: 'config-2' }];
    const last: Cutover = { phase: 'rolling-back', at: '', replicas: this.replicas, volumes };
    const cutover = site.journal.cutover ?? (site.journal.live['/config'] === 'config-2' ? last : undefined);
    if (cutover) await rollBack(site, [this.volume], cutover);
  }
}

/** Every place at which what was just done in a world can be killed. */
export function placesIn({ events }: ModelWorld): number[] {
  return events.flatMap((_, index) => [2 * index, 2 * index + 1]);
}
