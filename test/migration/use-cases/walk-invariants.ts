import { expect } from 'vitest';
import { categoryOf } from '../../../lib/core/error-category';
import { RefusedByServer } from '../../../lib/kubernetes/cluster-client';
import { fenceRefs } from '../../../lib/kubernetes/fence-objects';
import { Killed } from '../world/changes';
import type { World } from '../world/world';
import { generationsOf } from './walk-steps';

/** What a step was, and how it ended. */
export interface Walked {
  /** The walk so far, for a person. */
  readonly walk: string;
  readonly kind: 'command' | 'edit' | 'command in other circumstances';
  readonly error?: Error;
}

const podOn = (claimName: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'by-hand', namespace: 'media' },
  spec: { containers: [], volumes: [{ name: 'a', persistentVolumeClaim: { claimName } }] },
});

/** What must be so after each step of a walk, whatever it was. */
export class Invariants {
  /** Claims that were ever live, by mount path. */
  private readonly ever: Record<string, Set<string>> = {};
  private live: Readonly<Record<string, string>> = {};
  private wasDown = false;

  constructor(private readonly world: World) {
    this.live = this.liveNow();
  }

  check({ walk, kind, error }: Walked): void {
    const { storage } = this.world;
    // A transition that a table lacks is a fault of Lunward.
    if (!(error instanceof Killed)) expect(error && categoryOf(error), walk).not.toBe('internal');
    expect(storage.violations, walk).toEqual([]);
    for (const { place, row } of storage.acknowledged) {
      expect((place.files['library.db'] ?? '').split('\n'), `${walk}: ${place.name}`).toContain(row);
    }
    this.assertCopied(walk);
    this.assertRuns(walk, kind === 'command' && !(error instanceof Killed), error);
    this.assertFenced(walk);
  }

  private liveNow(): Readonly<Record<string, string>> {
    const { live = {} } = this.world.journal;
    const all = Object.entries(generationsOf(this.world));
    return Object.fromEntries(all.map(([path, [first]]) => [path, live[path] ?? first?.name ?? '']));
  }

  /** An app that was moved to a later generation sees there what it had before. */
  private assertCopied(walk: string): void {
    const now = this.liveNow();
    for (const [path, all] of Object.entries(generationsOf(this.world))) {
      const place = (claim: string | undefined) => all.findIndex(({ name }) => name === claim);
      const [from, to] = [all[place(this.live[path])], all[place(now[path])]];
      const latest = this.world.journal.volumes[now[path] ?? '']?.at(-1);
      const isCopy = latest?.state === 'sealed' && latest.scan !== undefined;
      if (from && to && place(from.name) < place(to.name) && isCopy) {
        expect(this.world.rows(to), `${walk}: ${to.name}`).toEqual(expect.arrayContaining(this.world.rows(from)));
      }
    }
    this.live = now;
  }

  /** It runs on its live volumes, or is said to be down. @param isTold the step has ended with a message */
  private assertRuns(walk: string, isTold: boolean, error?: Error): void {
    const runs = [...this.world.runsOn].sort();
    if (runs.length > 0) expect(runs, `${walk}: it runs on what is live`).toEqual(Object.values(this.live).sort());
    const { cutover } = this.world.journal;
    const wasAskedFor = !error && cutover?.phase === 'stopping';
    if (runs.length === 0 && isTold && !this.wasDown && !wasAskedFor) {
      expect(error?.message ?? '', `${walk}: it is down, and that is said`).toMatch(
        /is DOWN|could not be read|It was stopped|was lost/,
      );
    }
    this.wasDown = runs.length === 0;
  }

  /** What the app ever left is refused, wherever there is a fence at all. */
  private assertFenced(walk: string): void {
    const { live = {}, cutover } = this.world.journal;
    for (const [path, claim] of Object.entries(live)) {
      const [first] = generationsOf(this.world)[path] ?? [];
      this.ever[path] ??= new Set(first ? [first.name] : []);
      this.ever[path]?.add(claim);
    }
    const { policy } = fenceRefs({ namespace: 'media', app: 'app' });
    if (!this.world.cluster.find(policy.kind, policy.metadata.name)) return;
    const target = (path: string) =>
      cutover?.phase === 'stopping' ? cutover.volumes.find(({ mountPath }) => mountPath === path)?.to : undefined;
    for (const [path, claims] of Object.entries(this.ever)) {
      const left = [...claims].filter((claim) => claim !== this.live[path] && claim !== target(path));
      for (const claim of left) {
        expect(() => this.world.cluster.admit(podOn(claim)), `${walk}: ${claim} is fenced`).toThrow(RefusedByServer);
      }
    }
  }
}
