import { describe, expect, it } from 'vitest';
import { adoptable, planSeal, type SealFacts, volumeLines } from '../../../lib/migration/plan/plan-seal';
import type { ProbedVolume } from '../../../lib/scripts/lun/probe-volume';
import { expectAdvice, type Told } from '../../expect-advice';
import { both, entry, loggedIn, look, seen, stepsOf, targetFacts, uuid } from '../facts';

const foreign = '0b8c2a51-7d0e-4d8a-9f3e-2f6f0c1d2e3f';
const held = { ...seen, content: 'ext4', uuid: foreign };
const unmarked: ProbedVolume = {
  marker: { state: '', attempt: '', volume: '', uuid: '' },
  names: ['config.xml', 'data'],
};
const marked = (more: Partial<ProbedVolume['marker']> = {}): ProbedVolume => ({
  ...unmarked,
  marker: { state: 'sealed', attempt: '1', volume: 'jellyfin-config', uuid: foreign, ...more },
});
const facts = (more: Partial<SealFacts> = {}): SealFacts => ({
  ...targetFacts({ looks: both(held) }),
  found: unmarked,
  ...more,
});
const subject = 'PersistentVolume jellyfin-config';
const lunSubject = 'LUN 1 of iqn.2000-01.com.example:jellyfin-config';
const since = '2026-01-02T03:04:05.678Z';

describe('a plan to adopt a volume', () => {
  it.each(['ext4', 'xfs'])('seals the existing %s, with its own UUID', (content) => {
    const planned = planSeal(facts({ looks: both({ ...held, content }) }));
    expect(stepsOf(planned)).toEqual([['seal', 'node-a', 'sealed']]);
    expect(planned.plan).toMatchObject({ begins: 'intent', attempt: { attempt: 1, uuid: foreign } });
    expect(planned.plan?.steps[0]?.script.text).toContain(`\ntype=${content}\n`);
    expect(planned.plan?.steps[0]?.script.text).toContain('\nfrom=none\n');
  });

  it.each<[string, Partial<SealFacts>, number]>([
    ['one that was cut off', { latest: entry('intent', { uuid: foreign }) }, 1],
    ['one behind an attempt that was given up', { attempt: 2, latest: entry('abandoned') }, 2],
    ['one that is sealed and of which no journal is left', { found: marked({ attempt: '3' }) }, 3],
    [
      'one that was sealed before that was written down',
      { latest: entry('intent', { uuid: foreign }), found: marked() },
      1,
    ],
  ])('continues with %s', (_, more, attempt) => {
    expect(planSeal(facts(more)).plan?.attempt).toEqual({ volume: 'jellyfin-config', attempt, uuid: foreign });
  });

  it('has nothing to do if it is sealed, even while the app uses it', () => {
    const looks = [look('node-a', [{ ...held, use: 'mounted at /var/lib/kubelet/x' }]), loggedIn('node-b', held)];
    expect(planSeal(facts({ latest: entry('sealed', { uuid: foreign }), looks }))).toEqual({
      done: `${subject} is sealed as attempt 1 since ${since}`,
    });
  });

  it.each<[string, Partial<SealFacts>, Told[]]>([
    [
      'the app uses it',
      { looks: [look('node-a', [held]), loggedIn('node-b', { ...held, use: 'mounted at /var/lib/kubelet/x' })] },
      [
        ['lun-in-use', 'node-b', lunSubject, 'mounted at /var/lib/kubelet/x'],
        ['target-logged-in', 'node-b', 'iqn.2000-01.com.example:jellyfin-config', 'LUN 1'],
      ],
    ],
    [
      'nodes see different disks',
      { looks: [look('node-a', [held]), look('node-b', [{ ...held, wwn: '0x1' }])] },
      [['lun-differs', 'node-b', 'node-a', 'LUN 1', '0x1', 1073741824, held.wwn, 1073741824]],
    ],
    ['it is blank', { looks: both(seen) }, [['nothing-to-adopt', lunSubject, 'nothing that is recognised']]],
    [
      'it has partitions',
      { looks: both({ ...held, content: 'partition table (gpt)', uuid: '' }) },
      [['not-adoptable', lunSubject, 'partition table (gpt)']],
    ],
    [
      'it holds no file',
      { found: { ...unmarked, names: [] } },
      [['nothing-to-adopt', lunSubject, 'ext4', foreign, 'no file']],
    ],
    [
      'it can not be looked at',
      { found: 'it does not answer' },
      [['target-unreadable', lunSubject, 'it does not answer']],
    ],
    [
      'an attempt is under way',
      { latest: entry('prepared') },
      [['attempt-under-way', subject, 'attempt 1', 'prepared', since, held.wwn]],
    ],
    [
      'an attempt left it without a marker, and no journal',
      { looks: both({ ...held, uuid }) },
      [['copy-incomplete', lunSubject, uuid]],
    ],
    [
      'it is wiped in part',
      { attempt: 2, latest: entry('wiping'), looks: both({ ...held, uuid }) },
      [['copy-incomplete', lunSubject, uuid]],
    ],
    [
      'it is being built',
      { found: marked({ state: 'building' }) },
      [['marker-differs', lunSubject, 'building', 'attempt 1', 'PersistentVolume jellyfin-config', foreign]],
    ],
    [
      'it is another volume',
      { found: marked({ volume: 'sonarr-config' }) },
      [['marker-differs', lunSubject, 'sealed', 'attempt 1', 'PersistentVolume sonarr-config', foreign]],
    ],
    [
      'it is a block by block copy of another one',
      { found: marked({ uuid: 'another' }) },
      [['marker-differs', lunSubject, 'sealed', 'attempt 1', 'PersistentVolume jellyfin-config', 'another']],
    ],
    [
      'it was given up',
      { attempt: 2, latest: entry('abandoned', { uuid: foreign }), found: marked() },
      [['attempt-abandoned', lunSubject, 'attempt 1', 'jellyfin-config', 'attempt 1', 'abandoned', since]],
    ],
    [
      'it was sealed on another disk',
      { latest: entry('sealed') },
      [['disk-differs', subject, held.wwn, uuid, 'LUN 1', held.wwn, foreign]],
    ],
  ])('is refused if %s', (_, more, expected) => {
    expectAdvice(planSeal(facts(more)).refusals, expected);
  });

  it.each<[string, Partial<SealFacts>, 'ext4' | undefined]>([
    ['a file system that nobody uses', {}, 'ext4'],
    ['a blank LUN', { looks: both(seen) }, undefined],
    ['what is in use', { looks: both({ ...held, use: 'mounted at /mnt' }) }, undefined],
    ['what is sealed', { latest: entry('sealed', { uuid: foreign }) }, undefined],
  ])('inspects %s: %s', (_, more, type) => {
    expect(adoptable(facts(more)).found?.fileSystem).toBe(type);
  });

  it('shows what is there, for a person to recognise', () => {
    expect(volumeLines(unmarked)).toEqual(['at its root: config.xml, data']);
    expect(volumeLines({ ...unmarked, names: [] })).toEqual(['it holds no file']);
  });
});
