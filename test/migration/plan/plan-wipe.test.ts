import { describe, expect, it } from 'vitest';
import type { AttemptFacts } from '../../../lib/migration/plan/attempt-facts';
import { planWipe, volumesToWipe } from '../../../lib/migration/plan/plan-wipe';
import { expectAdvice, type Told } from '../../expect-advice';
import { lun } from '../../helpers';
import { both, entry, loggedIn, look, seen, stepsOf, targetFacts, uuid, wwn } from '../facts';

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

  it('uses the actual file system, whatever the description says', () => {
    const { plan } = planWipe(facts({ volume: lun('jellyfin-config', { formatAs: 'xfs' }) }));
    expect(plan?.steps[0]?.script.text).toMatch(/^type='?ext4'?$/m);
  });

  it.each<[string, Partial<AttemptFacts>, Told[]]>([
    ['nothing was begun', { latest: undefined }, [['never-begun', subject]]],
    [
      'the app was taken back from it',
      { latest: entry('rolled-back', { manifest: 'a'.repeat(64) }) },
      [['holds-app-data', subject, 'attempt 1', 'rolled back', since]],
    ],
    ['it is sealed', { latest: entry('sealed') }, [['already-sealed', subject, 'attempt 1', since]]],
    ...(['intent', 'building', 'prepared'] as const).map((state): [string, Partial<AttemptFacts>, Told[]] => [
      `it is at ${state}`,
      { latest: entry(state) },
      [['attempt-under-way', subject, 'attempt 1', state, since]],
    ]),
    [
      'what was given up was adopted',
      { latest: entry('abandoned', { uuid: 'another' }), looks: both({ ...left, uuid: 'another' }) },
      [['content-not-ours', subject, 'attempt 1', 'another']],
    ],
    [
      'the disk is another one',
      { looks: both({ ...left, wwn: '0x1' }) },
      [['disk-differs', lunSubject, '0x1', 'attempt 1', wwn]],
    ],
    [
      'somebody has made a file system there',
      { looks: both({ ...left, content: 'xfs', uuid: 'another' }) },
      [['content-not-ours', lunSubject, 'xfs', 'another', 'attempt 1', uuid]],
    ],
    [
      'it holds a partition table',
      { looks: both({ ...left, content: 'partition table (gpt)', uuid: '' }) },
      [['content-not-ours', lunSubject, 'partition table (gpt)', 'attempt 1', uuid]],
    ],
    [
      'it is in use',
      { looks: [look('node-a', [left]), look('node-b', [{ ...left, use: 'mounted at /mnt' }])] },
      [['lun-in-use', 'node-b', lunSubject, 'mounted at /mnt']],
    ],
    [
      'another node is logged in, and a third is not reached',
      { looks: [look('node-a', [left]), loggedIn('node-b', left), { name: 'node-c', problem: 'it does not answer' }] },
      [
        ['node-unreachable', 'node-c', 'it does not answer'],
        ['target-logged-in', 'node-b', 'iqn.2000-01.com.example:jellyfin-config', 'LUN 1'],
      ],
    ],
  ])('is refused where %s', (_, more, expected) => {
    expectAdvice(planWipe(facts(more)).refusals, expected);
  });

  it('has nothing to do if the LUN was wiped', () => {
    expect(planWipe(facts({ latest: entry('wiped'), looks: both(seen) }))).toEqual({
      done: `${subject}: what attempt 1 had left was wiped at ${since}`,
    });
  });
});

it('covers only the volumes on which an attempt left something', () => {
  const [sealed, abandoned] = [{ latest: entry('sealed') }, { latest: entry('abandoned') }];
  expect(volumesToWipe([sealed, abandoned])).toEqual([abandoned]);
  expect(volumesToWipe([sealed])).toEqual([sealed]);
});
