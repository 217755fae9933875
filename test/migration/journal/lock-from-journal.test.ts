import { describe, expect, it } from 'vitest';
import { defineCluster, emptyLock, liveCluster } from '../../../lib/cluster';
import type { Lock } from '../../../lib/cluster/lock';
import type { Cutover } from '../../../lib/migration/journal/cutover';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import { type KnownMoves, lockDifferences, mendedLock } from '../../../lib/migration/journal/lock-from-journal';
import { appOf } from '../../../lib/migration/plan/wanted-volumes';
import { describeApps, image, lun, share } from '../../helpers';

const uuid = '5a0e6bd6-9d53-8f0c-9a54-3fd0c2a1b7e8';
const config = [share('a'), lun('b', { volumeName: 'pv-b' }), lun('c')];
const model = appOf(liveCluster(defineCluster(describeApps({ app: { image, config: [...config] } }))), 'app');
const entry = (more: Partial<JournalEntry>): JournalEntry => ({
  at: '',
  attempt: 1,
  state: 'sealed',
  uuid,
  target: { kind: 'iscsi', wwn: '0x1', bytes: 1 },
  node: 'node-a',
  digest: '',
  manifest: 'm',
  ...more,
});
/** A journal with these live claims, and these entries by PersistentVolume. */
const journal = (
  live: object,
  volumes: Record<string, JournalEntry> = {},
  cutover?: Cutover,
  retired: readonly string[] = [],
): KnownMoves => ({
  live: live as Record<string, string>,
  latest: (volume) => volumes[volume],
  cutover,
  retired,
});
const lock = (live: object, sealed?: object) => ({ version: 1, live, ...(sealed && { sealed }) }) as Lock;
const seal = { attempt: 1, uuid };
const moving: Cutover = {
  phase: 'stopping',
  at: '',
  replicas: 1,
  volumes: [{ mountPath: '/config', from: 'b', to: 'c' }],
};
const onB = { '/config': 'b' };

describe('a repaired lock file', () => {
  it.each<[string, Lock, KnownMoves, Lock]>([
    [
      'the live generation and its seal',
      emptyLock,
      journal(onB, { 'pv-b': entry({}) }),
      lock({ app: onB }, { app: { b: seal } }),
    ],
    [
      'what the app was taken back from',
      lock({ app: onB }),
      journal({ '/config': 'a' }, { 'pv-b': entry({ state: 'rolled-back', attempt: 3 }) }),
      lock({ app: { '/config': 'a' } }, { app: { b: { attempt: 3, uuid } } }),
    ],
    [
      'no seal of what no data was moved to, or is not whole',
      emptyLock,
      journal(onB, { 'pv-b': entry({ manifest: undefined }), c: entry({ state: 'prepared' }) }),
      lock({ app: onB }),
    ],
    [
      'no seal of what waits for the switch',
      emptyLock,
      journal(onB, { 'pv-b': entry({}), c: entry({}) }, moving),
      lock({ app: onB }, { app: { b: seal } }),
    ],
    [
      'the seal of what is being taken back from',
      emptyLock,
      journal({ '/config': 'c' }, { c: entry({}) }, moving),
      lock({ app: { '/config': 'c' } }, { app: { c: seal } }),
    ],
    [
      'the seal of a first volume that was formatted or adopted',
      lock({ other: onB }),
      journal({}, { a: entry({ manifest: undefined }), c: entry({ manifest: undefined }) }),
      lock({ other: onB }, { app: { a: seal } }),
    ],
    [
      'what was retired',
      { ...lock({ app: onB }), retired: { other: ['z'] } },
      journal(onB, {}, undefined, ['a']),
      { ...lock({ app: onB }), retired: { other: ['z'], app: ['a'] } },
    ],
    [
      'other apps and mounts left as they are',
      lock({ app: { '/data': 'x' }, other: onB }, { other: { b: seal } }),
      journal(onB),
      lock({ app: { '/data': 'x', ...onB }, other: onB }, { other: { b: seal }, app: {} }),
    ],
    [
      'nothing where the journal says nothing',
      lock({ app: { '/config': 'gone' } }),
      journal({}, { 'pv-b': entry({}) }),
      lock({ app: { '/config': 'gone' } }),
    ],
  ])('has %s', (_, before, moves, after) => {
    const mended = mendedLock(before, 'app', model, moves);
    expect(mended).toEqual(after);
    expect(mendedLock(mended, 'app', model, moves)).toEqual(mended);
    expect(lockDifferences(mended, 'app', model, moves).filter(({ mendable }) => mendable)).toEqual([]);
  });
});

describe('differences between lock file and journal', () => {
  it.each<[string, Lock, KnownMoves, string[]]>([
    ['nothing', emptyLock, journal({}), []],
    ['nothing, for the first needs no entry', emptyLock, journal({ '/config': 'a' }), []],
    ['no entry', emptyLock, journal(onB), ['/config: the lock says nothing, which means a; the journal says b']],
    [
      'another entry',
      lock({ app: { '/config': 'c' } }),
      journal(onB),
      ['/config: the lock says claim c; the journal says b'],
    ],
    [
      'what is not described, in the lock',
      lock({ app: { '/config': 'gone' } }),
      journal(onB),
      ['/config: the lock says claim gone; the journal says b'],
    ],
    [
      'what is not described, in the journal',
      lock({ app: { '/config': 'gone' } }),
      journal({ '/config': 'gone' }),
      ['/config: the journal says gone, which is not described: put its line back, the data is there (by hand)'],
    ],
    [
      'a mount that is not described',
      emptyLock,
      journal({ '/data': 'd' }),
      [
        '/data: the lock says nothing, which means no claim; the journal says d',
        '/data: the journal says d, which is not described: put its line back, the data is there (by hand)',
      ],
    ],
    [
      'a move that the journal does not know',
      lock({ app: onB }),
      journal({}),
      [
        '/config: the lock says claim b; the journal knows of no move there, so only the data itself shows which is right (by hand)',
      ],
    ],
    [
      'what was retired',
      lock({ app: onB }),
      journal(onB, {}, undefined, ['a']),
      ['a: the journal says that it was retired; the lock does not'],
    ],
    ['the first by an entry', lock({ app: { '/config': 'a' } }), journal({}), []],
    [
      'a seal that is missing',
      lock({ app: onB }),
      journal(onB, { 'pv-b': entry({}) }),
      [`b: the lock says nothing of a seal; the journal says sealed as attempt 1, UUID ${uuid}`],
    ],
    [
      'another seal',
      lock({ app: onB }, { app: { b: { attempt: 2, uuid } } }),
      journal(onB, { 'pv-b': entry({}) }),
      [`b: the lock says sealed as attempt 2, UUID ${uuid}; the journal says sealed as attempt 1, UUID ${uuid}`],
    ],
  ])('is %s', (_, written, moves, lines) => {
    const found = lockDifferences(written, 'app', model, moves);
    expect(found.map((one) => `${one.subject}: ${one.text}${one.mendable ? '' : ' (by hand)'}`)).toEqual(lines);
  });
});
