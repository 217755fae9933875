import { expect, it } from 'vitest';
import { statusText } from '../../../lib/cli/views/status-text';
import type { JournalEntry } from '../../../lib/migration/journal/entry';
import type { Status } from '../../../lib/migration/use-cases/status';

const at = '2026-02-17T10:00:00.000Z';
const nothing: Status = {
  app: 'jellyfin',
  live: [],
  pods: [],
  lock: { differences: [] },
  findings: [],
  volumes: [],
};
const running = {
  name: 'jellyfin-1',
  node: 'node-a',
  phase: 'Running',
  ready: true,
  claims: { '/config': 'jellyfin-config' },
};
const live = [{ mountPath: '/config', claim: 'jellyfin-config-2', before: 'jellyfin-config', by: 'journal' as const }];
const cutover = {
  at,
  replicas: 1,
  volumes: [{ mountPath: '/config', from: 'jellyfin-config', to: 'jellyfin-config-2' }],
};
const latest: JournalEntry = {
  at,
  attempt: 1,
  state: 'sealed',
  uuid: '5a0e6bd6-9d53-8f0c-9a54-3fd0c2a1b7e8',
  target: { kind: 'iscsi', wwn: '0x6001', bytes: 1 },
  node: 'node-a',
  digest: 'd',
};
const differs = { subject: '/config', text: 'the lock says claim a; the journal says b', mendable: true };

it.each<[string, Partial<Status>, string[]]>([
  ['nothing', {}, ['jellyfin:', '  no volume with state', '  pods: none']],
  [
    'an app that was never moved',
    { live: [{ mountPath: '/config', claim: 'jellyfin-config', by: 'description' }], pods: [running], next: 'this' },
    [
      'jellyfin:',
      '  /config: on claim jellyfin-config (never moved)',
      '  pod jellyfin-1 on node-a: Running, ready, with claim jellyfin-config',
      '  next: this',
    ],
  ],
  [
    'pods that wait, and that are on another claim',
    {
      live,
      pods: [running, { ...running, name: 'jellyfin-2', node: undefined, phase: 'Pending', ready: false, claims: {} }],
    },
    [
      'jellyfin:',
      '  /config: on claim jellyfin-config-2 (before: jellyfin-config)',
      '  pod jellyfin-1 on node-a: Running, ready, with claim jellyfin-config',
      '    warning: it mounts claim jellyfin-config at /config, and jellyfin-config-2 is live by the journal',
      '  pod jellyfin-2 on no node yet: Pending, not ready',
    ],
  ],
  [
    'a fence that is missing',
    {
      findings: [
        {
          code: 'fence-missing',
          severity: 'warning',
          subject: 'Fence lunward-media.jellyfin',
          found: 'is not in the cluster',
          expected: 'it to refuse pods with claim jellyfin-config',
          remedy: 'do this',
        },
      ],
    },
    [
      'jellyfin:',
      '  no volume with state',
      '  pods: none',
      '  warning: Fence lunward-media.jellyfin is not in the cluster, expected it to refuse pods with claim jellyfin-config',
      '    do this',
    ],
  ],
  [
    'pods that are not known',
    { live, pods: 'this' },
    ['jellyfin:', '  /config: on claim jellyfin-config-2 (before: jellyfin-config)', '  pods: unknown: this'],
  ],
  [
    'what is live, and how far its volume is',
    { live, volumes: [{ volume: 'jellyfin-config-2', latest, work: 'nothing runs for it' }] },
    [
      'jellyfin:',
      '  /config: on claim jellyfin-config-2 (before: jellyfin-config)',
      '  pods: none',
      `  jellyfin-config-2: sealed since ${at}, attempt 1 on node-a, disk 0x6001`,
      '    nothing runs for it',
    ],
  ],
  [
    'an app that is being stopped',
    { cutover: { ...cutover, phase: 'stopping' } },
    [
      'jellyfin:',
      '  no volume with state',
      '  pods: none',
      `  cut-over under way since ${at} (stopping): /config from jellyfin-config to jellyfin-config-2`,
      '    it is down, or about to be, and the old volumes are live; it had 1 replica before',
      '    "lunward migrate jellyfin" resumes it, "lunward rollback jellyfin" rolls it back; while one of them runs, wait for it',
    ],
  ],
  [
    'an app that is being started on its new volume',
    { live, cutover: { ...cutover, phase: 'switched', replicas: 0 } },
    [
      'jellyfin:',
      '  /config: on claim jellyfin-config-2 (before: jellyfin-config)',
      '  pods: none',
      `  cut-over under way since ${at} (switched): /config from jellyfin-config to jellyfin-config-2`,
      '    the new volumes are live, and it is being started on them; it had 0 replicas before',
      '    "lunward migrate jellyfin" resumes it, "lunward rollback jellyfin" rolls it back; while one of them runs, wait for it',
    ],
  ],
  [
    'an app that is being taken back',
    { cutover: { ...cutover, phase: 'returning' } },
    [
      'jellyfin:',
      '  no volume with state',
      '  pods: none',
      `  cut-over under way since ${at} (returning): /config from jellyfin-config to jellyfin-config-2`,
      '    the old volumes are live, and it is being started on them; it had 1 replica before',
      '    "lunward rollback jellyfin" resumes that; while one of them runs, wait for it',
    ],
  ],
  [
    'an app that is being restarted',
    {
      cutover: {
        ...cutover,
        phase: 'restarting',
        volumes: [{ mountPath: '/config', from: 'jellyfin-config', to: 'jellyfin-config' }],
      },
    },
    [
      'jellyfin:',
      '  no volume with state',
      '  pods: none',
      `  restart under way since ${at} (restarting): /config on jellyfin-config`,
      '    it is down, or about to be, so that its file systems are checked; it had 1 replica before',
      '    "lunward restart jellyfin" resumes it; while it runs, wait for it',
    ],
  ],
  [
    'a lock that can be mended',
    { lock: { differences: [differs] } },
    [
      'jellyfin:',
      '  no volume with state',
      '  pods: none',
      '  warning: lunward.lock.json differs from the journal:',
      '    /config: the lock says claim a; the journal says b',
      '    "lunward status jellyfin --write-lock" writes what the journal says; then commit it',
    ],
  ],
  [
    'a lock that can not',
    { live, lock: { differences: [{ ...differs, mendable: false }], written: 'unchanged' } },
    [
      'jellyfin:',
      '  /config: on claim jellyfin-config-2 (before: jellyfin-config)',
      '  pods: none',
      '  lunward.lock.json: unchanged',
      '  warning: lunward.lock.json differs from the journal:',
      '    /config: the lock says claim a; the journal says b',
    ],
  ],
  [
    'a lock that was written',
    { live, lock: { differences: [], written: 'changed' } },
    [
      'jellyfin:',
      '  /config: on claim jellyfin-config-2 (before: jellyfin-config)',
      '  pods: none',
      '  lunward.lock.json: changed to what the journal says: commit it',
    ],
  ],
  [
    'a lock that was not, since nothing is known',
    { lock: { differences: [], written: 'unchanged' } },
    [
      'jellyfin:',
      '  no volume with state',
      '  pods: none',
      '  lunward.lock.json: unchanged, the journal has no move of this app',
    ],
  ],
])('shows %s', (_, more, lines) => {
  expect(statusText({ ...nothing, ...more }).split('\n')).toEqual(lines);
});

it('reports an app that could not be checked', () => {
  expect(statusText({ app: 'jellyfin', problem: 'this', category: 'trouble', code: 'trouble' })).toBe(
    'jellyfin: failed: this',
  );
});
