import type { LiveObject } from '../../lib/kubernetes/cluster-client';
import type { WaitOptions } from '../../lib/nodes/runner';
import { lun, untyped } from '../helpers';
import { uuid, wwn } from './facts';
import type { ModelObjects } from './model-objects';
import type { ModelWorld } from './model-world';
import { mountOf } from './storage-objects';

const SCAN = 'a'.repeat(64);

const claimOf = (pod: LiveObject) =>
  untyped<{ spec: { volumes: { persistentVolumeClaim: { claimName: string } }[] } }>(pod).spec.volumes[0]
    ?.persistentVolumeClaim.claimName;

/** What the nodes of a world answer to scripts. */
export class ModelAnswers {
  constructor(
    private readonly world: ModelWorld,
    private readonly cluster: ModelObjects,
  ) {}

  private sealAgain(text: string) {
    const parameter = (parameterName: string) => Number(new RegExp(`^${parameterName}='?(\\d+)`, 'm').exec(text)?.[1]);
    const [attempt, before] = [parameter('attempt'), parameter('before')];
    if (this.world.marked === attempt) return { result: 'unchanged', facts: {} };
    if (this.world.marked !== before) return { result: 'declined', reason: `the marker says ${this.world.marked}` };
    this.world.marked = attempt;
    return { result: 'changed', facts: {} };
  }

  private endSession() {
    const { staysLoggedIn } = this.world.fault;
    if (staysLoggedIn === 'held') return { result: 'declined', reason: 'it is held', facts: {} };
    this.world.fault.staysLoggedIn = undefined;
    return { result: staysLoggedIn ? 'changed' : 'unchanged', facts: {} };
  }

  runner(node: string) {
    const has = (claim: string) => node === 'node-b' && this.cluster.pods.some((pod) => claimOf(pod) === claim);
    const mounted = () => has('config');
    const disk = () => has('config-2');
    const uses = (text: string) => (/^path=.*config-2/m.test(text) ? disk() : mounted() || this.world.fault.isBusy);
    const facts: Record<string, (text: string) => unknown> = {
      'source-users': (text) => ({
        mounts: uses(text) ? [{ source: 'nas', mountpoint: '/config', process: 0 }] : [],
      }),
      'node-facts': () => ({
        sessions: [
          ...((this.world.volume.target.kind === 'iscsi' && disk()) ||
          (this.world.fault.staysLoggedIn && this.world.claim === 'config-2')
            ? [{ iqn: lun('config-2').iqn, state: 'LOGGED_IN', disks: [] }]
            : []),
          ...(this.world.volume.source.kind === 'iscsi' && (mounted() || this.world.fault.isBusy)
            ? [{ iqn: this.world.volume.source.iqn, state: 'LOGGED_IN', disks: [] }]
            : []),
        ],
      }),
      'scan-source': () => ({ scan: this.world.fault.sourceChanges ? 'b'.repeat(64) : SCAN, entries: 1 }),
      'pod-mounts': () => {
        const live = this.world.claim === 'config' ? this.world.volume.source : this.world.volume.target;
        const { mounted: other } = this.world.fault;
        return { mounts: [{ ...mountOf(live), ...(other && { source: other, disks: [] }) }] };
      },
      'probe-lun': () => ({ luns: [{ lun: 1, wwn, uuid, use: disk() ? 'mounted at /var/lib/kubelet' : '' }] }),
      'ask-http': () => ({ status: 200, problem: '' }),
    };
    return {
      run: async ({ name, text }: { name: string; text: string }) => {
        if (name === 'end-session') return this.world.effect('ending a session', () => this.endSession());
        if (name === 'seal-volume') return this.world.effect('sealing again', () => this.sealAgain(text));
        this.world.assertSsh();
        const isRelease = name === 'release-lun' || name === 'release-folder';
        if (isRelease && this.world.fault.targetIsGone) return { result: 'declined', reason: 'it is another LUN' };
        if (isRelease && this.world.sealed) return { result: 'declined', reason: 'it is sealed', code: 'other-marker' };
        return { result: 'unchanged', facts: facts[name]?.(text) };
      },
      unit: () => ({
        start: () =>
          this.world.effect('final copy', () => {
            if (!this.world.fault.finalDeclines) this.world.sealed = true;
          }),
        reattach: async ({ signal }: WaitOptions = {}) => {
          this.world.assertAlive();
          signal?.throwIfAborted();
          if (this.world.fault.finalDeclines) return { result: 'declined', reason: 'the volume is full' };
          return { result: 'changed', facts: { scan: SCAN, manifest: 'c'.repeat(64), files: 1 } };
        },
        cancel: async () => this.world.assertAlive(),
      }),
    };
  }
}
