import { describe, expect, it } from 'vitest';
import { defineCluster } from '../../lib/cluster';
import { liveCluster } from '../../lib/cluster/live';
import type { LiveObject } from '../../lib/kubernetes/cluster-client';
import type { Cutover } from '../../lib/migration/journal/cutover';
import type { JournalEntry } from '../../lib/migration/journal/entry';
import { assertMatchesJournal, isOnLive, wantsRunning } from '../../lib/pulumi/recorded-state';
import type { MediaAppModel } from '../../lib/workload/model';
import { describeApps, image, lun, share } from '../helpers';

type Claims = Readonly<Record<string, string>>;

const both = [share('old'), lun('new', { volumeName: 'new-pv' })];
const cutover = (phase: Cutover['phase']): Cutover => ({
  phase,
  at: '2026-01-01T00:00:00Z',
  replicas: 1,
  volumes: [{ mountPath: '/config', from: 'old', to: 'new' }],
});
const sealed = { state: 'sealed', at: '2026-01-02T00:00:00Z' } as JournalEntry;

interface Said {
  readonly locked?: Claims;
  readonly live?: Claims;
  readonly cutover?: Cutover;
  readonly config?: object;
  readonly sealed?: string;
  /** By the journal, and by the lock. */
  readonly retired?: readonly [journal: readonly string[], lock: readonly string[]];
}

function sayings(said: Said) {
  const { locked = {}, config = both, retired: [retired, left] = [[], []] } = said;
  const cluster = defineCluster(describeApps({ app: { image, config: config as never, configPath: '/config' } }));
  const model = liveCluster(cluster, { version: 1, live: { app: locked }, retired: { app: left } }).apps
    .app as MediaAppModel;
  const latest = (volume: string) => (volume === said.sealed ? sealed : undefined);
  return { app: 'app', model, locked, journal: { live: said.live ?? {}, cutover: said.cutover, latest, retired } };
}

const running = (claimName: string): LiveObject => ({
  spec: {
    template: {
      spec: {
        containers: [{ name: 'app', volumeMounts: [{ name: 'data', mountPath: '/config' }] }],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
      },
    },
  },
});

describe('agreeWithJournal', () => {
  it.each<[string, Parameters<typeof sayings>[0], LiveObject?]>([
    ['no journal, one generation', { config: [share('old')] }],
    ['no journal, and nothing runs yet', { locked: { '/config': 'new' } }],
    ['no journal, and what is live runs', { locked: { '/config': 'new' } }, running('new')],
    ['no journal, and a claim that is no generation runs', {}, running('elsewhere')],
    ['the same generation in both', { locked: { '/config': 'new' }, live: { '/config': 'new' } }],
    ['the first one in the journal, nothing in the lock', { live: { '/config': 'old' } }],
    ['a first move that has stopped the app', { cutover: cutover('stopping') }, running('old')],
    [
      'a move whose new generation is live',
      { locked: { '/config': 'new' }, live: { '/config': 'new' }, cutover: cutover('switched') },
    ],
    [
      'a generation that was retired',
      { locked: { '/config': 'new' }, live: { '/config': 'new' }, retired: [['old'], ['old']] },
    ],
    ['a move that was taken back before anything was live', { cutover: cutover('returning') }],
  ])('accepts %s', (_, said, runs) => {
    expect(() => assertMatchesJournal(sayings(said), runs)).not.toThrow();
  });

  it.each<[string, Parameters<typeof sayings>[0], LiveObject | undefined, string[]]>([
    [
      'a lock that was lost',
      { live: { '/config': 'new' }, sealed: 'new-pv' },
      undefined,
      [
        'apps.app would get another volume than the one that its data is on; nothing was changed.',
        '/config: the journal in the cluster says claim new since 2026-01-02T00:00:00Z, lunward.lock.json says nothing, so that old, the first generation, would be live',
        '`git pull`',
        '`lunward status app --write-lock`',
      ],
    ],
    [
      'an old lock',
      { locked: { '/config': 'old' }, live: { '/config': 'new' } },
      undefined,
      ['/config: the journal in the cluster says claim new, lunward.lock.json says old'],
    ],
    [
      'a lock that was not written yet',
      { live: { '/config': 'new' }, cutover: cutover('switched') },
      undefined,
      ['The app is being moved since 2026-01-01T00:00:00Z: `lunward migrate app` resumes that'],
    ],
    [
      'a lock that is ahead of a move',
      { locked: { '/config': 'new' }, cutover: cutover('stopping') },
      undefined,
      ['/config: the journal in the cluster says claim old, lunward.lock.json says new'],
    ],
    [
      'a generation that is not described any more',
      { config: [share('old')], live: { '/config': 'new' } },
      undefined,
      ['/config: the journal in the cluster says claim new', 'the lines of the description'],
    ],
    [
      'a mount that is not described any more',
      { live: { '/data': 'new' } },
      undefined,
      ['/data: the journal in the cluster says claim new, and the description mounts nothing there any more'],
    ],
    [
      'a lock that was edited by hand',
      { locked: { '/config': 'new' } },
      running('old'),
      [
        '/config: claim old holds data of the app as it runs, and new would be live, to which no journal knows of a move',
        '`lunward migrate app` moves data to a later generation',
      ],
    ],
    [
      'a lock from before something was retired',
      { locked: { '/config': 'new' }, live: { '/config': 'new' }, retired: [['old'], []] },
      undefined,
      [
        'apps.app would get volumes back that have left the cluster; nothing was changed.',
        '/config: the journal in the cluster says that claim old was retired, lunward.lock.json does not',
        '`lunward status app --write-lock`',
      ],
    ],
    [
      'generations in another order',
      { config: [...both].reverse() },
      running('old'),
      ['/config: claim old holds data of the app as it runs, and new would be live'],
    ],
  ])('refuses %s', (_, said, runs, words) => {
    let message = '';
    try {
      assertMatchesJournal(sayings(said), runs);
    } catch (error) {
      message = (error as Error).message;
    }
    for (const word of words) expect(message).toContain(word);
  });
});

describe('wantsRunning', () => {
  it.each<[string, Parameters<typeof sayings>[0], boolean]>([
    ['of one generation', { config: [share('old')] }, false],
    ['of several, and no journal', {}, true],
    ['of several that the journal knows', { live: { '/config': 'old' } }, false],
    ['on its way', { cutover: cutover('stopping') }, false],
  ])('asks for a mount %s: %s', (_, said, wanted) => {
    expect(wantsRunning(sayings(said))).toBe(wanted);
  });
});

describe('isOnLive', () => {
  const scaled = (claim: string, replicas: number): LiveObject => {
    const { spec } = running(claim) as { readonly spec: object };
    return { spec: { ...spec, replicas } } as LiveObject;
  };
  it.each<[what: string, isThere: boolean, claim: string, replicas: number, live: Claims, phase: Cutover['phase']]>([
    ['is about to be stopped', true, 'old', 1, {}, 'stopping'],
    ['is stopped', false, 'old', 0, {}, 'stopping'],
    ['is on the copy before that is live', false, 'new', 1, {}, 'stopping'],
    ['was switched', true, 'new', 1, { '/config': 'new' }, 'rolling-back'],
    ['returns, and is not on its old volume yet', false, 'new', 1, { '/config': 'old' }, 'returning'],
    ['returns, and runs on its old volume', true, 'old', 1, { '/config': 'old' }, 'returning'],
  ])('of an app that %s: %s', (_, isThere, claim, replicas, live, phase) => {
    expect(isOnLive(scaled(claim, replicas), { live, cutover: cutover(phase) })).toBe(isThere);
  });
});
