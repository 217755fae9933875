import { type ClusterClient, type LiveObject, RefusedByServer } from '../../lib/kubernetes/cluster-client';
import { cutOver, type Moved } from '../../lib/migration/cutover/cut-over';
import type { CutoverContext } from '../../lib/migration/cutover/cutover-context';
import { rollBack } from '../../lib/migration/cutover/roll-back';
import type { VolumeMove } from '../../lib/migration/cutover/volume-move';
import type { Cutover } from '../../lib/migration/journal/cutover';
import { settle } from '../../lib/migration/settle/settle';
import { resolveApp } from '../../lib/workload/model';
import { image, lun, share, untyped } from '../helpers';
import { ModelWorld, pairs } from './model-world';

const [first, data, data2] = [share('config-first'), share('data'), lun('data-2')];

/** A world whose fence can be read, in which the app never starts, and is never scaled, against its own fence. */
export class FenceWorld extends ModelWorld {
  /** A cluster before Kubernetes 1.30. */
  isWithoutAdmission = false;
  /** As with Pulumi: going forward, the claim is switched by the update that starts the app. */
  startsAsItSwitches = false;
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
        switchClaim: async () => {
          if (!this.startsAsItSwitches) return owner.switchClaim();
          if (this.journal.cutover?.phase === 'returning') await this.scaled('workloads', owner.switchClaim);
        },
        start: async (replicas) => {
          if (this.startsAsItSwitches) await this.scaled('workloads', owner.switchClaim);
          await this.scaled(replicas > 0 ? 'pods' : 'workloads', () => owner.start(replicas));
        },
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

  move(killAt?: number): Promise<Moved | undefined> {
    return this.asCommand(killAt, (site) => cutOver(site, [this.volume], { onUnhealthy: 'rollback' }));
  }

  /** What is under way, else what went before. */
  goBack(killAt?: number): Promise<void> {
    return this.asCommand(killAt, async (site) => {
      const volumes = [{ mountPath: '/config', from: 'config', to: 'config-2' }];
      const last: Cutover = { phase: 'rolling-back', at: '', replicas: this.replicas, volumes };
      const cutover = site.journal.cutover ?? (site.journal.live['/config'] === 'config-2' ? last : undefined);
      if (cutover) await rollBack(site, [this.volume], cutover);
    });
  }

  private async asCommand<Done>(
    killAt: number | undefined,
    work: (site: CutoverContext) => Promise<Done>,
  ): Promise<Done> {
    const given = await this.site(killAt);
    await settle(given);
    // With the lock file as it is by now.
    const site = { ...given, model: await given.described() };
    const done = await work(site).catch(async (error: unknown) => {
      // One that was killed does nothing any more.
      await settle(site).catch(() => {});
      throw error;
    });
    await settle(site);
    return done;
  }
}

/** Every place at which what was just done in a world can be killed. */
export function placesIn({ events }: ModelWorld): number[] {
  return events.flatMap((_, index) => [2 * index, 2 * index + 1]);
}
