import { describe, expect, it } from 'vitest';
import { adoptable, planSeal, type SealFacts, volumeLines } from '../../../lib/migration/plan/plan-seal';
import type { ProbedVolume } from '../../../lib/scripts/lun/probe-volume';
import { both, entry, loggedIn, look, reasons, seen, stepsOf, targetFacts, uuid } from '../facts';

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
  it.each(['ext4', 'xfs'])('seals the %s that is there, under its own UUID', (content) => {
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
  ])('goes on with %s', (_, more, attempt) => {
    expect(planSeal(facts(more)).plan?.attempt).toEqual({ volume: 'jellyfin-config', attempt, uuid: foreign });
  });

  it('has nothing to do where it is sealed, though the app uses it', () => {
    const looks = [look('node-a', [{ ...held, use: 'mounted at /var/lib/kubelet/x' }]), loggedIn('node-b', held)];
    expect(planSeal(facts({ latest: entry('sealed', { uuid: foreign }), looks }))).toEqual({
      done: `${subject} is sealed as attempt 1 since ${since}`,
    });
  });

  it.each<[string, Partial<SealFacts>, string[]]>([
    [
      'the app uses it',
      { looks: [look('node-a', [held]), loggedIn('node-b', { ...held, use: 'mounted at /var/lib/kubelet/x' })] },
      [
        `node-b ${lunSubject} is in use there: mounted at /var/lib/kubelet/x`,
        'node-b is logged in to iqn.2000-01.com.example:jellyfin-config and shows LUN 1: something may begin to use it there',
      ],
    ],
    [
      'nodes see different disks',
      { looks: [look('node-a', [held]), look('node-b', [{ ...held, wwn: '0x1' }])] },
      [`node-b sees another disk than node-a as LUN 1: 0x1 of 1073741824 bytes, not ${held.wwn} of 1073741824`],
    ],
    [
      'it is blank',
      { looks: both(seen) },
      [`${lunSubject} holds nothing that is recognised: there is nothing to adopt`],
    ],
    [
      'it has partitions',
      { looks: both({ ...held, content: 'partition table (gpt)', uuid: '' }) },
      [`${lunSubject} holds partition table (gpt): only ext4 or xfs on the whole disk, without partitions, is adopted`],
    ],
    [
      'it holds no file',
      { found: { ...unmarked, names: [] } },
      [`${lunSubject} holds ext4 with UUID ${foreign} and no file: there is nothing to adopt`],
    ],
    [
      'it can not be looked at',
      { found: 'it does not answer' },
      [`${lunSubject} could not be inspected: it does not answer`],
    ],
    [
      'an attempt is under way',
      { latest: entry('prepared') },
      [
        `${subject} is under way as attempt 1 (prepared since ${since}) on disk ${held.wwn}: what it holds is not whole`,
      ],
    ],
    [
      'an attempt left it without a marker, and no journal',
      { looks: both({ ...held, uuid }) },
      [
        `${lunSubject} holds what an attempt of lunward has left, UUID ${uuid}, without a marker: what it holds is not whole`,
      ],
    ],
    [
      'it is wiped in part',
      { attempt: 2, latest: entry('wiping'), looks: both({ ...held, uuid }) },
      [
        `${lunSubject} holds what an attempt of lunward has left, UUID ${uuid}, without a marker: what it holds is not whole`,
      ],
    ],
    [
      'it is being built',
      { found: marked({ state: 'building' }) },
      [
        `${lunSubject} has a marker: building as attempt 1 of PersistentVolume jellyfin-config, with file system ${foreign}: it is not adopted`,
      ],
    ],
    [
      'it is another volume',
      { found: marked({ volume: 'sonarr-config' }) },
      [
        `${lunSubject} has a marker: sealed as attempt 1 of PersistentVolume sonarr-config, with file system ${foreign}: it is not adopted`,
      ],
    ],
    [
      'it is a block by block copy of another one',
      { found: marked({ uuid: 'another' }) },
      [
        `${lunSubject} has a marker: sealed as attempt 1 of PersistentVolume jellyfin-config, with file system another: it is not adopted`,
      ],
    ],
    [
      'it was given up',
      { attempt: 2, latest: entry('abandoned', { uuid: foreign }), found: marked() },
      [
        `${lunSubject} is sealed as attempt 1 of jellyfin-config, which was given up: the journal says attempt 1 is abandoned since ${since}`,
      ],
    ],
    [
      'it was sealed on another disk',
      { latest: entry('sealed') },
      [
        `${subject} was sealed on disk ${held.wwn} with file system ${uuid}, and LUN 1 is disk ${held.wwn} with ${foreign}`,
      ],
    ],
  ])('is refused where %s', (_, more, expected) => {
    expect(reasons(planSeal(facts(more)))).toEqual(expected);
  });

  it.each<[string, Partial<SealFacts>, 'ext4' | undefined]>([
    ['a file system that nobody uses', {}, 'ext4'],
    ['a blank LUN', { looks: both(seen) }, undefined],
    ['what is in use', { looks: both({ ...held, use: 'mounted at /mnt' }) }, undefined],
    ['what is sealed', { latest: entry('sealed', { uuid: foreign }) }, undefined],
  ])('looks into %s: %s', (_, more, type) => {
    expect(adoptable(facts(more)).found?.fileSystem).toBe(type);
  });

  it('shows what is there, for a person to recognise', () => {
    expect(volumeLines(unmarked)).toEqual(['at its root: config.xml, data']);
    expect(volumeLines({ ...unmarked, names: [] })).toEqual(['it holds no file']);
  });
});
