import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { changeLock } from '../../../lib/cluster/load-cluster';
import { withLive } from '../../../lib/cluster/lock';
import { ClusterClient } from '../../../lib/kubernetes/cluster-client';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import { Journal } from '../../../lib/migration/journal/journal';
import { PulumiOwner } from '../../../lib/pulumi/owner';
import { until } from '../until';
import type { Fixture, KubernetesObject } from './fixture';

const uuid = '11111111-1111-4111-8111-111111111111';

/** A description of Sonarr and Radarr, each with its settings on NFS first, and on a LUN next. */
export function describeMoved({ sonarr = '4.0.15' } = {}): string {
  const config = (app: string) => `config: [
    nfs({ name: '${app}-nfs', server: '192.0.2.200', path: '/volume1/${app}', size: '1Gi' }),
    iscsi({ name: '${app}-lun', targetPortal: '192.0.2.200:3260', iqn: 'iqn.2000-01.com.example:${app}', lun: 1, size: '1Gi' }),
  ]`;
  return `import { defineCluster, iscsi, nfs, radarr, sonarr } from 'lunward';

export default defineCluster({
  context: 'home',
  // Nobody connects to it: nothing is copied here.
  nodes: { 'node-a': { ssh: 'admin@192.0.2.210' } },
  namespace: 'media',
  defaults: { puid: 1000, pgid: 1000, timezone: 'Etc/UTC' },
  apps: {
    sonarr: sonarr({ image: 'lscr.io/linuxserver/sonarr:${sonarr}', ${config('sonarr')} }),
    radarr: radarr({ image: 'lscr.io/linuxserver/radarr:5.2.6', ${config('radarr')} }),
  },
});
`;
}

interface Resource {
  readonly urn: string;
  readonly dependencies?: readonly string[];
}

/**
 * An app of that description whose data counts as moved. There is no data: only the records of the move are written.
 */
export class MovedApp {
  readonly client = new ClusterClient('home');

  constructor(
    private readonly fixture: Fixture,
    readonly name: 'sonarr' | 'radarr',
  ) {}

  /** A new owner each time, as in a command that is run again. */
  get owner(): PulumiOwner {
    return this.ownerThat();
  }

  /** @param beforeRun what it does before each run of the engine that changes something */
  ownerThat(beforeRun?: () => Promise<void>): PulumiOwner {
    const own = beforeRun && { assertHeld: beforeRun };
    return new PulumiOwner({ client: this.client, file: this.file, app: this.name, ...own });
  }

  get lockFile(): string {
    return path.join(this.fixture.project.folder, 'lunward.lock.json');
  }

  /** Writes the phase into the journal, and what is live into journal and lock. */
  async turn(phase: Cutover['phase'] | undefined, live?: 'nfs' | 'lun'): Promise<void> {
    const { name } = this;
    const volumes = [{ mountPath: '/config', from: `${name}-nfs`, to: `${name}-lun` }];
    const claims = live && { '/config': `${name}-${live}` };
    const journal = await this.journal();
    await journal.transition({ cutover: phase && { phase, replicas: 1, volumes }, ...(claims && { live: claims }) });
    if (!claims) return;
    changeLock(this.file, (lock) => withLive(lock, name, claims, { [`${name}-lun`]: { attempt: 1, uuid } }));
  }

  /** Starts it on the volume that is live, waits until it is Ready, and ends its move. */
  async finishOn(live: 'nfs' | 'lun'): Promise<void> {
    await this.owner.start();
    expect(await this.runs()).toEqual([1, `${this.name}-${live}`]);
    await until('Ready', 240, () => this.isReady());
    await this.owner.release();
    await this.turn(undefined);
  }

  /** Records that its LUN holds all its data. */
  async seal(): Promise<void> {
    const target = { kind: 'iscsi', wwn: '', bytes: 1 } as const;
    const entry = { attempt: 1, uuid, target, node: 'node', digest: '' } as const;
    const journal = await this.journal();
    await journal.append(`${this.name}-lun`, { ...entry, state: 'intent' });
    await journal.append(`${this.name}-lun`, { ...entry, state: 'sealed' });
  }

  deployment(): Promise<KubernetesObject> {
    return this.fixture.get('deployment', this.name, '--namespace', 'media');
  }

  /** How many replicas are wanted, and on which claim. */
  async runs(): Promise<[replicas: number, claim: string]> {
    const { spec } = await this.deployment();
    const [claim] = spec.template.spec.volumes.flatMap(
      ({ persistentVolumeClaim }: { persistentVolumeClaim?: { claimName: string } }) =>
        persistentVolumeClaim?.claimName ?? [],
    );
    return [spec.replicas, claim];
  }

  async isReady(): Promise<boolean> {
    const { metadata, status } = await this.deployment();
    return status.observedGeneration === metadata.generation && status.readyReplicas === 1;
  }

  async pods(): Promise<string[]> {
    const { items } = await this.fixture.get(
      'pod',
      '--namespace',
      'media',
      '--selector',
      `app.kubernetes.io/name=${this.name}`,
    );
    // A pod that ends is listed until it is gone.
    return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.uid);
  }

  /** Everything of both apps that a move may touch. */
  async world(): Promise<unknown> {
    const { items } = await this.fixture.get('deployment,pvc,pv', '--namespace', 'media');
    return items.map(({ metadata, spec }) => [metadata.name, metadata.uid, metadata.annotations, spec]);
  }

  async claims(): Promise<string[]> {
    const { items } = await this.fixture.get('pvc', '--namespace', 'media');
    return items.map(({ metadata }) => metadata.name).filter((claim) => claim.startsWith(this.name));
  }

  /** Asserts that `pulumi up` has nothing left to do, and has left nothing to clean up. */
  async assertSettled(): Promise<void> {
    const { project } = this.fixture;
    const { deployment } = JSON.parse(await project.exportState(this.name)) as Record<string, Record<string, unknown>>;
    expect(deployment?.pending_operations ?? []).toEqual([]);
    expect(this.locks()).toEqual([]);
    await project.pulumi('preview', '--expect-no-changes', '--stack', this.name);
  }

  /** Removes resources from the state of its stack, as if they had been created but not recorded. */
  async forgetInState(...names: readonly string[]): Promise<void> {
    const { project } = this.fixture;
    const state = JSON.parse(await project.exportState(this.name)) as { deployment: { resources: Resource[] } };
    const isForgotten = (urn: string) => names.some((name) => urn.endsWith(`::${name}`));
    state.deployment.resources = state.deployment.resources
      .filter(({ urn }) => !isForgotten(urn))
      .map((resource) => ({ ...resource, dependencies: resource.dependencies?.filter((urn) => !isForgotten(urn)) }));
    project.write({ 'state.json': JSON.stringify(state) });
    await project.pulumi('stack', 'import', '--file', 'state.json', '--stack', this.name);
  }

  /** The engine that has locked its stack, once there is one; it leads its process group. */
  engine(): Promise<number> {
    return until('an engine', 240, () => this.locks()[0] ?? 0);
  }

  /** The engines that have locked its stack. */
  locks(): number[] {
    const { folder } = this;
    try {
      const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
      return files.map((name) => (JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as { pid: number }).pid);
    } catch {
      // The file was removed, or is being written.
      return [];
    }
  }

  /** The folder with the locks of its stack. */
  get folder(): string {
    return path.join(this.backend, 'locks/organization/home-media', this.name);
  }

  /** The file with the attributes of its state. */
  get attributes(): string {
    return path.join(this.backend, 'stacks/home-media', `${this.name}.json.attrs`);
  }

  private get backend(): string {
    return path.join(this.fixture.project.folder, 'state/.pulumi');
  }

  get file(): string {
    return path.join(this.fixture.project.folder, 'cluster.ts');
  }

  private journal(): Promise<Journal> {
    return Journal.read(this.client, 'media', this.name);
  }
}
