import type { Lock } from '../../../lib/cluster/lock';
import { lun, share } from '../../helpers';
import type { Recorded, RecordedEntry } from '../recorded-worlds';
import { manifestsOf } from '../world/owner';
import { DATABASE, digestOf } from '../world/storage';
import { World } from '../world/world';
import { begin } from './cases';

/** A whole project around what was recorded: everything that it does not say is as a move of that time left it. */
export class RecordedWorld {
  readonly source;
  readonly target;
  readonly world: World;
  readonly latest: RecordedEntry;
  readonly live: string | undefined;
  readonly isSettled: boolean;

  constructor(
    name: string,
    readonly recorded: Recorded,
  ) {
    const [from, to] = name.split(' ')[0]?.split('-') ?? [];
    this.source = from === 'nfs' ? share('config') : lun('config');
    this.target = to === 'nfs' ? share('config-2') : lun('config-2');
    this.world = new World([this.source, this.target]);
    const { journal } = recorded;
    this.latest = journal.volumes['config-2'].at(-1) as RecordedEntry;
    this.live = journal.live?.['/config'];
    this.isSettled = journal.cutover === undefined;
    this.fill();
    this.apply();
  }

  private fill(): void {
    const { latest, recorded, world } = this;
    const files = { [DATABASE]: 'row of before\n', 'settings.xml': 'dark' };
    const source = world.storage.addFilled(this.source, files);
    if (latest.source) {
      const { wwn: name, uuid } = latest.source;
      Object.assign(source, { name, uuid, marker: { state: 'sealed', attempt: 1, volume: 'config', uuid } });
    }
    const { uuid, wwn, bytes } = latest;
    const marker = { attempt: recorded.marked, volume: 'config-2', uuid };
    world.storage.add(this.target, {
      name: wwn,
      files,
      ...(bytes > 0 && { bytes, uuid, capacity: bytes, fileSystem: 'ext4' }),
      ...(recorded.sealed
        ? { sealed: files, marker: { ...marker, state: 'sealed', manifest: digestOf(files) } }
        : { hashed: files, marker: { ...marker, state: 'building' } }),
    });
    // The model that it was recorded in had a constant in place of this digest.
    const journal = JSON.stringify(recorded.journal).replaceAll('c'.repeat(64), digestOf(files));
    world.cluster.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'lunward-app', namespace: 'media' },
      data: { journal },
    });
  }

  private apply(): void {
    const { world } = this;
    const { claim, replicas, lock } = this.recorded;
    const lockOf = (live: Recorded['lock']['live'], sealed: Recorded['lock']['sealed']): Lock => ({
      version: 1,
      live: { app: live },
      sealed: { app: sealed },
    });
    world.lock = lockOf({ '/config': claim }, this.hasTarget ? lock.sealed : {});
    const { volumes, deployment } = manifestsOf(world.model);
    const { spec } = deployment;
    for (const manifest of [...volumes, { ...deployment, spec: { ...spec, replicas } }]) world.cluster.apply(manifest);
    world.kubelet.pods();
    world.lock = lockOf(lock.live, lock.sealed);
    begin(world);
  }

  /** Whether a switch has ever made the claim of the target. */
  private get hasTarget(): boolean {
    const states = this.recorded.journal.volumes['config-2'].map(({ state }) => state);
    return this.recorded.claim === 'config-2' || states.includes('burnt');
  }

  /** Whether the app lives on what a move has sealed, by the journal. */
  get isOnTarget(): boolean {
    return this.live === 'config-2' && this.latest.state === 'sealed';
  }

  /** Whether PersistentVolume and claim are in the cluster. */
  objects(name: string): boolean[] {
    const { cluster } = this.world;
    return [cluster.find('PersistentVolume', name), cluster.find('PersistentVolumeClaim', name, 'media')].map(Boolean);
  }
}
