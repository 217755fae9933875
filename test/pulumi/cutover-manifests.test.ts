import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../lib/core/kubernetes';
import type { Cutover } from '../../lib/migration/journal/cutover';
import { environmentOf, manifestsDuring, type OwnUpdate } from '../../lib/pulumi/cutover-manifests';

const object = (kind: string, name: string, spec: Record<string, unknown> = {}): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  spec,
});
const manifests = [
  object('PersistentVolume', 'old-pv', { claimRef: { name: 'old' } }),
  object('PersistentVolumeClaim', 'old'),
  object('PersistentVolume', 'new-pv', { claimRef: { name: 'new' } }),
  object('PersistentVolumeClaim', 'new'),
  object('Deployment', 'app', { replicas: 2 }),
];
const cutover = (phase: Cutover['phase'], at = '2026-01-01T00:00:00Z'): Cutover => ({
  phase,
  at,
  replicas: 2,
  volumes: [{ mountPath: '/config', from: 'old', to: 'new' }],
});

const replicasIn = (made: readonly Manifest[]) => made.find(({ kind }) => kind === 'Deployment')?.spec?.replicas;
const notAwaited = (made: readonly Manifest[]) =>
  made.filter(({ metadata }) => metadata.annotations?.['pulumi.com/skipAwait']).map(({ metadata }) => metadata.name);

describe('manifestsDuring', () => {
  const down = (now: Cutover | undefined) => ({ cutover: now, isRunning: false });

  it.each<[phase: Cutover['phase'] | undefined, update: OwnUpdate | undefined, replicas: number, notAwaited: string[]]>(
    [
      [undefined, undefined, 2, []],
      [undefined, 'start', 2, []],
      ['stopping', undefined, 0, []],
      ['stopping', 'stop', 0, []],
      ['stopping', 'start', 0, []],
      ['stopping', 'settle', 0, []],
      ['stopped-on-target', undefined, 0, []],
      ['stopped-on-target', 'start', 0, []],
      ['stopped-on-target', 'settle', 0, []],
      ['rolling-back', undefined, 0, []],
      ['rolling-back', 'start', 0, []],
      ['rolling-back', 'settle', 0, []],
      ['switched', undefined, 2, []],
      ['switched', 'start', 2, ['new-pv', 'new', 'app']],
      ['switched', 'settle', 2, []],
      ['returning', undefined, 0, []],
      ['returning', 'start', 2, ['app']],
      ['returning', 'settle', 2, []],
      ['restarting', undefined, 0, []],
      ['restarting', 'start', 0, []],
      ['restarted', undefined, 0, []],
      ['restarted', 'start', 2, ['app']],
      ['restarted', 'settle', 2, []],
    ],
  )('in phase %s, by %s: %i replicas, not waited for: %j', (phase, update, replicas, skipped) => {
    const now = phase && cutover(phase);
    const environment = update ? environmentOf(update, cutover('stopping')) : {};
    const made = manifestsDuring(down(now), manifests, environment);
    expect(replicasIn(made.manifests)).toBe(replicas);
    expect(notAwaited(made.manifests)).toEqual(skipped);
    expect(made.isKeptStopped).toBe(replicas === 0);
  });

  it.each<Cutover['phase']>(['stopping', 'switched', 'stopped-on-target', 'rolling-back', 'returning'])(
    'leaves an app alone that runs on its live volume in phase %s, unless Lunward itself stops it',
    (phase) => {
      const state = { cutover: cutover(phase), isRunning: true };
      expect(manifestsDuring(state, manifests, {})).toEqual({ manifests, isKeptStopped: false });
      const own = manifestsDuring(state, manifests, environmentOf('stop', state.cutover));
      expect(replicasIn(own.manifests)).toBe(phase === 'switched' ? 2 : 0);
      const others = environmentOf('stop', cutover(phase, '2025-01-01T00:00:00Z'));
      expect(manifestsDuring(state, manifests, others).isKeptStopped).toBe(false);
    },
  );

  it('ignores the token of another cut-over', () => {
    const environment = environmentOf('start', cutover('returning', '2025-01-01T00:00:00Z'));
    expect(replicasIn(manifestsDuring(down(cutover('returning')), manifests, environment).manifests)).toBe(0);
  });

  it('adds no other objects', () => {
    expect(manifestsDuring(down(undefined), manifests, {}).manifests).toEqual(manifests);
    const others = manifestsDuring(down(cutover('stopping')), manifests, {}).manifests.filter(
      ({ kind }) => kind !== 'Deployment',
    );
    expect(others).toEqual(manifests.slice(0, -1));
  });
});
