import { describe, expect, it } from 'vitest';
import { emptyLock, type Lock } from '../../../lib/cluster/lock';
import { type Cutover, nextPhases, type Phase } from '../../../lib/migration/journal/cutover';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import { type JournalFacts, type SettledApp, settled } from '../../../lib/migration/settle/settled';
import { resolveApp } from '../../../lib/workload/model';
import { image, lun, share } from '../../helpers';

const uuid = '5a0e6bd6-9d53-8f0c-9a54-3fd0c2a1b7e8';
const seal = { attempt: 1, uuid };
const model = resolveApp({ image, config: [share('first'), lun('second')] }, { name: 'app', namespace: 'media' });

const entry = (state: 'prepared' | 'sealed' | 'rolled-back', more: object = {}) =>
  ({
    at: '',
    attempt: 1,
    state,
    uuid,
    target: { kind: 'iscsi', wwn: '0x1', bytes: 1 },
    node: 'node-a',
    digest: '',
    ...(state !== 'prepared' && { manifest: 'm' }),
    ...more,
  }) as JournalEntry;

interface Row {
  readonly phase?: Phase;
  /** The claim that is live by the journal. Default: the app was never moved. */
  readonly live?: 'first' | 'second';
  readonly before?: 'first' | 'second';
  /** Both of `from` and `to` of the change. Default: from `first` to `second`. */
  readonly claim?: 'first' | 'second';
  readonly second?: JournalEntry;
  readonly retired?: readonly string[];
}

function settledOf({ phase, live, before, claim, second, retired = [] }: Row) {
  const cutover: Cutover | undefined = phase && {
    phase,
    at: '',
    replicas: 2,
    volumes: [{ mountPath: '/config', from: claim ?? 'first', to: claim ?? 'second' }],
  };
  const journal: JournalFacts['journal'] = {
    live: live ? { '/config': live } : {},
    before: before ? { '/config': before } : {},
    retired,
    cutover,
    latest: (volume) => (volume === 'second' ? second : undefined),
  };
  return settled({ app: 'app', model, journal });
}

const lockOf = (live: object, sealed: object = { second: seal }): Lock => ({
  version: 1,
  live: { app: live } as Lock['live'],
  sealed: { app: sealed } as NonNullable<Lock['sealed']>,
});
const onFirst = lockOf({ '/config': 'first' });
const onSecond = lockOf({ '/config': 'second' });
const stopped: SettledApp = { is: 'kept stopped' };
const left: SettledApp = { is: 'left to its owner' };
const started = (claim: string, isSwitched: boolean): SettledApp => ({
  is: 'started',
  replicas: 2,
  claims: { '/config': claim },
  isSwitched,
});

const moved: Row = { live: 'second', before: 'first', second: entry('sealed') };
const back: Row = { live: 'first', before: 'second', second: entry('rolled-back') };
const neverLive = entry('rolled-back', { neverLive: true });
const remarked = entry('rolled-back', { attempt: 2, remarked: true });

/** What pods are refused for their claims; whether Deployments are too; the app; the lock file. */
type Wanted = readonly [claims: readonly string[], workloads: boolean, app: SettledApp, lock: Lock];

const rows: readonly (readonly [title: string, row: Row, wanted: Wanted])[] = [
  ['nothing was begun', {}, [[], false, left, emptyLock]],
  ['a copy is prepared', { second: entry('prepared') }, [[], false, left, emptyLock]],
  [
    'the app must be stopped for a move',
    { phase: 'stopping', second: entry('prepared') },
    [['first'], false, stopped, emptyLock],
  ],
  ['its copy is sealed', { phase: 'stopping', second: entry('sealed') }, [['first'], false, stopped, emptyLock]],
  [
    'that move was given up before the switch',
    { phase: 'returning', second: neverLive },
    [[], false, started('first', false), emptyLock],
  ],
  ['giving it up is over', { second: neverLive }, [[], false, left, emptyLock]],
  ['the app is switched', { phase: 'switched', ...moved }, [['first'], false, started('second', true), onSecond]],
  [
    'the app was unhealthy on its target, and is kept stopped there',
    { phase: 'stopped-on-target', ...moved },
    [['first', 'second'], false, stopped, onSecond],
  ],
  ['the move is over', moved, [['first'], true, left, onSecond]],
  [
    'its first volume is retired after the move',
    { ...moved, retired: ['first'] },
    [['first'], true, left, { ...onSecond, retired: { app: ['first'] } }],
  ],
  [
    'the app is being rolled back',
    { phase: 'rolling-back', ...moved },
    [['first', 'second'], false, stopped, onSecond],
  ],
  [
    'a rollback starts it on its first volume',
    { phase: 'returning', ...back },
    [['second'], false, started('first', true), onFirst],
  ],
  ['the rollback is over', back, [['second'], true, left, onFirst]],
  [
    'a rollback has changed the marker, because the cluster has no admission',
    { ...back, second: remarked },
    [['second'], true, left, lockOf({ '/config': 'first' }, { second: { attempt: 2, uuid } })],
  ],
  [
    'the rollback is being undone',
    { phase: 'stopping', ...back },
    [['first'], false, stopped, { version: 1, live: { app: { '/config': 'first' } } }],
  ],
  [
    'it is stopped for a check of its file systems',
    { phase: 'restarting', claim: 'second', ...moved },
    [['first', 'second'], false, stopped, onSecond],
  ],
  [
    'its file systems are checked',
    { phase: 'restarted', claim: 'second', ...moved },
    [['first'], false, started('second', false), onSecond],
  ],
  [
    'an app that was never moved is stopped for a check',
    { phase: 'restarting', claim: 'first' },
    [['first', 'second'], false, stopped, emptyLock],
  ],
  [
    'an app that was never moved is started again',
    { phase: 'restarted', claim: 'first' },
    [[], false, started('first', false), emptyLock],
  ],
];

describe('fence, lock file and app', () => {
  it.each(rows)('follow from the journal once %s', (_, row, [claims, workloads, app, lock]) => {
    const { fence, ...others } = settledOf(row);
    expect([[...(fence?.claims ?? [])].sort(), fence?.workloads ?? false]).toEqual([claims, workloads]);
    expect(others.app).toEqual(app);
    const wanted = others.lock(emptyLock);
    expect(wanted).toEqual(lock);
    expect(others.lock(wanted)).toEqual(wanted);
  });

  it('follow from the journal in every phase', () => {
    const phases = Object.keys(nextPhases).filter((phase) => phase !== 'settled');
    expect([...new Set(rows.flatMap(([, { phase }]) => phase ?? []))].sort()).toEqual(phases.sort());
  });

  it.each(rows)('keep pods from volumes that the app must not run on, once %s', (_, row) => {
    const { fence, app } = settledOf(row);
    const refused = new Set(fence?.claims);
    if (app.is === 'started') for (const claim of Object.values(app.claims)) expect(refused).not.toContain(claim);
    if (row.live && app.is !== 'kept stopped') expect(refused).not.toContain(row.live);
    if (row.live && row.before)
      expect(refused).toContain(row.live === 'first' && row.phase === 'stopping' ? 'first' : row.before);
  });

  it('leave the lock file unchanged if the journal names a claim that is not described', () => {
    const journal = {
      live: { '/config': 'third' },
      before: {},
      retired: [],
      cutover: undefined,
      latest: () => undefined,
    };
    expect(settled({ app: 'app', model, journal }).lock(onSecond)).toEqual(onSecond);
  });
});
