import { describe, expect, it } from 'vitest';
import type { AttemptFacts } from '../../../lib/migration/plan/attempt-facts';
import { planWipe, volumesToWipe } from '../../../lib/migration/plan/plan-wipe';
import { lun } from '../../helpers';
import { both, entry, loggedIn, look, reasons, seen, stepsOf, targetFacts, uuid, wwn } from '../facts';

const left = { ...seen, content: 'ext4', uuid };
const facts = (more: Partial<AttemptFacts> = {}): AttemptFacts =>
  targetFacts({ attempt: 2, latest: entry('abandoned'), looks: both(left), ...more });
const subject = 'PersistentVolume jellyfin-config';
const lunSubject = 'LUN 1 of iqn.2000-01.com.example:jellyfin-config';
const since = '2026-01-02T03:04:05.678Z';

describe('a plan to wipe', () => {
  it.each<[string, Partial<AttemptFacts>]>([
    ['what an abandoned attempt left', {}],
    ['what nobody recognises, which may be half made', { looks: both(seen) }],
    ['what was wiped in part', { latest: entry('wiping') }],
  ])('zeroes %s', (_, more) => {
    const planned = planWipe(facts(more));
    expect(stepsOf(planned)).toEqual([['wipe', 'node-a', 'wiped']]);
    // The attempt that left it, not the next one.
    expect(planned.plan).toMatchObject({ begins: 'wiping', attempt: { attempt: 1, uuid } });
  });

  it('takes the file system that is there for what it is, whatever is described by now', () => {
    const { plan } = planWipe(facts({ volume: lun('jellyfin-config', { formatAs: 'xfs' }) }));
    expect(plan?.steps[0]?.script.text).toMatch(/^type='?ext4'?$/m);
  });

  it.each<[string, Partial<AttemptFacts>, string[]]>([
    [
      'nothing was begun',
      { latest: undefined },
      [
        `${subject} was never begun, by the journal: only what an attempt of lunward has left is wiped, and nothing else`,
      ],
    ],
    [
      'the app was taken back from it',
      { latest: entry('rolled-back', { manifest: 'a'.repeat(64) }) },
      [
        `${subject} was sealed as attempt 1, and the app was rolled back from it at ${since}: it may hold what the app wrote there, and is never wiped`,
      ],
    ],
    [
      'it is sealed',
      { latest: entry('sealed') },
      [`${subject} is sealed as attempt 1 since ${since}: what is sealed is never wiped`],
    ],
    ...(['intent', 'building', 'prepared'] as const).map((state): [string, Partial<AttemptFacts>, string[]] => [
      `it is at ${state}`,
      { latest: entry(state) },
      [`${subject} is under way as attempt 1 (${state} since ${since})`],
    ]),
    [
      'what was given up was adopted',
      { latest: entry('abandoned', { uuid: 'another' }), looks: both({ ...left, uuid: 'another' }) },
      [`${subject} was given up as attempt 1 on file system another, which lunward has not made: it is never wiped`],
    ],
    [
      'the disk is another one',
      { looks: both({ ...left, wwn: '0x1' }) },
      [`${lunSubject} is disk 0x1, and attempt 1 was on ${wwn}: what it holds is not known, and is never wiped`],
    ],
    [
      'somebody has made a file system there',
      { looks: both({ ...left, content: 'xfs', uuid: 'another' }) },
      [
        `${lunSubject} holds xfs with UUID another, and attempt 1 left UUID ${uuid}: that is not from this attempt, and is never wiped`,
      ],
    ],
    [
      'it holds a partition table',
      { looks: both({ ...left, content: 'partition table (gpt)', uuid: '' }) },
      [
        `${lunSubject} holds partition table (gpt), and attempt 1 left UUID ${uuid}: that is not from this attempt, and is never wiped`,
      ],
    ],
    [
      'it is in use',
      { looks: [look('node-a', [left]), look('node-b', [{ ...left, use: 'mounted at /mnt' }])] },
      [`node-b ${lunSubject} is in use there: mounted at /mnt`],
    ],
    [
      'another node is logged in, and a third is not reached',
      { looks: [look('node-a', [left]), loggedIn('node-b', left), { name: 'node-c', problem: 'it does not answer' }] },
      [
        'node-c it does not answer',
        'node-b is logged in to iqn.2000-01.com.example:jellyfin-config and shows LUN 1: something may begin to use it there',
      ],
    ],
  ])('is refused where %s', (_, more, expected) => {
    expect(reasons(planWipe(facts(more)))).toEqual(expected);
  });

  it('has nothing to do where it was done', () => {
    expect(planWipe(facts({ latest: entry('wiped'), looks: both(seen) }))).toEqual({
      done: `${subject}: what attempt 1 had left was wiped at ${since}`,
    });
  });
});

it('of several volumes those are wiped that an attempt has left something on', () => {
  const [sealed, abandoned] = [{ latest: entry('sealed') }, { latest: entry('abandoned') }];
  expect(volumesToWipe([sealed, abandoned])).toEqual([abandoned]);
  expect(volumesToWipe([sealed])).toEqual([sealed]);
});
