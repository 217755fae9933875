import { describe, expect, it } from 'vitest';
import type { AttemptFacts } from '../../../lib/migration/plan/attempt-facts';
import { planFormat } from '../../../lib/migration/plan/plan';
import type { SeenLun } from '../../../lib/scripts/lun/seen-lun';
import { fileSystemUuid } from '../../../lib/storage/file-system-uuid';
import { expectAdvice, type Told } from '../../expect-advice';
import { lun, untyped } from '../../helpers';
import { well } from '../../nodes/facts';
import { both, entry, look, seen, targetFacts, uuid, wwn } from '../facts';

const refusals = (input: AttemptFacts) => planFormat(input).refusals;
const iqn = 'iqn.2000-01.com.example:jellyfin-config';
const lunSubject = `LUN 1 of ${iqn}`;

describe('the UUID of a file system', () => {
  it('depends only on volume, attempt and disk', () => {
    const of = { volume: 'jellyfin-config', attempt: 1, place: wwn };
    expect(fileSystemUuid(of)).toBe(uuid);
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const others = [
      { ...of, volume: 'sonarr-config' },
      { ...of, attempt: 2 },
      { ...of, place: `${wwn}0` },
    ];
    expect(new Set([of, ...others].map(fileSystemUuid)).size).toBe(4);
  });
});

describe('a plan to format', () => {
  it('names the disk, the steps and their nodes', () => {
    const { plan, digest } = planFormat(targetFacts()) as Extract<ReturnType<typeof planFormat>, { digest: string }>;
    expect(plan.target).toEqual({
      portal: '192.0.2.200:3260',
      iqn: 'iqn.2000-01.com.example:jellyfin-config',
      lun: 1,
      bytes: 1024 ** 3,
      wwn,
    });
    expect(plan.attempt).toEqual({ volume: 'jellyfin-config', attempt: 1, uuid });
    expect(plan.steps.map(({ name, node }) => [name, node])).toEqual([
      ['format', 'node-a'],
      ['seal', 'node-a'],
    ]);
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each<[string, Partial<AttemptFacts>]>([
    [
      'another disk',
      { looks: [look('node-a', [{ ...seen, wwn: `${wwn}0` }]), look('node-b', [{ ...seen, wwn: `${wwn}0` }])] },
    ],
    ['another attempt', { attempt: 2 }],
    ['another node that copies', { looks: [look('node-b'), look('node-a')] }],
    ['another volume', { volume: lun('jellyfin-config', { volumeName: 'other' }) }],
    ['another path', { mountPath: '/data' }],
  ])('has another digest with %s', (_, more) => {
    const digest = (input: AttemptFacts) => {
      const planned = planFormat(input);
      return planned.plan ? planned.digest : undefined;
    };
    expect(digest(targetFacts(more))).toMatch(/^[0-9a-f]{16}$/);
    expect(digest(targetFacts(more))).not.toBe(digest(targetFacts()));
  });

  it('is the same with another password, so the approval stays valid', () => {
    const withPassword = (password: string) => planFormat(targetFacts({ chap: { username: 'operator', password } }));
    expect(withPassword('first')).toMatchObject({ digest: (withPassword('second') as { digest: string }).digest });
  });

  it('continues with a file system of its own attempt', () => {
    const half = { ...seen, content: 'ext4', uuid };
    expect(planFormat(targetFacts({ looks: [look('node-a', [half])] })).plan).toBeDefined();
  });

  it('only seals what it has already formatted, with the same digest', () => {
    const looks = [look('node-a', [{ ...seen, content: 'ext4', uuid }])];
    const stepsOf = (input: Partial<AttemptFacts>) => planFormat(targetFacts({ looks, ...input })).plan?.steps;
    const names = (input: Partial<AttemptFacts>) => stepsOf(input)?.map(({ name }) => name);
    const latest = entry('building');
    expect(names({ latest })).toEqual(['seal']);
    expect(names({ latest: entry('intent') })).toEqual(['format', 'seal']);
    expect(names({ latest, looks: [look('node-a')] })).toEqual(['format', 'seal']);
    const digestOf = (input: Partial<AttemptFacts>) =>
      untyped<{ digest: string }>(planFormat(targetFacts(input))).digest;
    expect(digestOf({ looks, latest })).toBe(digestOf({ looks: [look('node-a')] }));
  });

  it.each(['ext4', 'xfs'] as const)('makes %s if that is described', (formatAs) => {
    const { plan } = planFormat(targetFacts({ volume: lun('jellyfin-config', { formatAs }) }));
    expect(plan?.steps[0]?.text).toContain(`makes ${formatAs} with UUID ${uuid}`);
    for (const step of plan?.steps ?? []) expect(step.script.text).toMatch(new RegExp(`^type='?${formatAs}'?$`, 'm'));
  });

  it.each<[string, Partial<AttemptFacts>, Told[]]>([
    [
      'the volume has an initiator name of its own, so that its target was not looked at',
      {
        volume: lun('jellyfin-config', { initiatorName: 'iqn.2000-01.com.example:shared' }),
        looks: [look('node-a', [], { target: undefined })],
      },
      [['initiator-name-described', iqn, 'iqn.2000-01.com.example:shared']],
    ],
    [
      'this attempt has made another file system than is described now',
      {
        volume: lun('jellyfin-config', { formatAs: 'xfs' }),
        looks: [look('node-a', [{ ...seen, content: 'ext4', uuid }])],
      },
      [['file-system-differs', lunSubject, 'ext4', 'xfs']],
    ],
    ['no node is reached', { looks: [] }, [['no-node-described', 'the description']]],
    [
      'a node is not reached, and another lacks something',
      {
        looks: [
          { name: 'node-a', problem: 'it does not answer' },
          look('node-b', [seen], { facts: { ...well, programs: [] } }),
        ],
      },
      [
        ['node-unreachable', 'node-a', 'it does not answer'],
        ['program-missing', 'node-b', 'iscsiadm, mount.nfs, rsync, mkfs.ext4, mkfs.xfs, sqlite3'],
      ],
    ],
    [
      'two nodes have one initiator name',
      {
        looks: [
          look('node-a'),
          look('node-b', [seen], { facts: { ...look('node-a').facts, machineId: '2' } as never }),
        ],
      },
      [['initiator-name-shared', 'node-b', 'node-a', 'iqn.2000-01.com.example:node-a']],
    ],
    [
      'a node can not log in',
      {
        looks: [
          look('node-a'),
          look('node-b', [], { target: { initiatorName: '', wasShown: false, problem: 'it wants CHAP', luns: [] } }),
        ],
      },
      [['target-unreachable', 'node-b', iqn, 'it wants CHAP']],
    ],
    [
      'nodes see different disks',
      { looks: [look('node-a'), look('node-b', [{ ...seen, wwn: '0x1' }])] },
      [['lun-differs', 'node-b', 'node-a', 'LUN 1', '0x1', 1073741824, wwn, 1073741824]],
    ],
    [
      'one node sees another number',
      { looks: [look('node-a'), look('node-b', [{ ...seen, lun: 3 }])] },
      [['lun-not-found', 'node-b', 'LUN 1']],
    ],
    [
      'the disk has no name',
      { looks: [look('node-a', [{ ...seen, wwn: '' }])] },
      [['lun-without-wwn', 'node-a', lunSubject]],
    ],
    [
      'it is in use',
      { looks: [look('node-a'), look('node-b', [{ ...seen, use: 'mounted at /mnt' }])] },
      [['lun-in-use', 'node-b', lunSubject, 'mounted at /mnt']],
    ],
    [
      'it holds something',
      { looks: [look('node-a', [{ ...seen, content: 'xfs', uuid: 'another' }])] },
      [['not-blank', lunSubject, 'xfs', 'another']],
    ],
  ])('is refused where %s', (_, more, expected) => {
    expectAdvice(refusals(targetFacts(more)), expected);
  });

  it('stays on the node that it was begun on, in whatever order nodes are described', () => {
    const looks = [look('node-b'), look('node-a')];
    const nodes = (more: Partial<AttemptFacts>) => planFormat(targetFacts({ looks, ...more })).plan?.steps[0]?.node;
    expect(nodes({})).toBe('node-b');
    expect(nodes({ latest: entry('building') })).toBe('node-a');
    expectAdvice(refusals(targetFacts({ looks: [look('node-b')], latest: entry('intent') })), [
      ['writer-not-described', 'Node node-a', 'attempt 1', 'PersistentVolume jellyfin-config'],
    ]);
  });

  describe('of a volume that is sealed', () => {
    const latest = entry('sealed');

    it('has nothing to do', () => {
      const own = { ...seen, content: 'ext4', uuid };
      expect(planFormat(targetFacts({ latest, looks: [look('node-a', [own])] }))).toEqual({
        done: 'PersistentVolume jellyfin-config is sealed as attempt 1 since 2026-01-02T03:04:05.678Z',
      });
    });

    it.each<[string, SeenLun]>([
      ['another disk', { ...seen, wwn: '0x1' }],
      ['the same disk, emptied', seen],
    ])('is refused on %s', (_, now) => {
      expectAdvice(refusals(targetFacts({ latest, looks: [look('node-a', [now])] })), [
        ['disk-differs', 'PersistentVolume jellyfin-config', wwn, uuid, now.wwn],
      ]);
    });
  });

  describe('after an attempt that was given up', () => {
    const given = (state: 'abandoned' | 'wiping' | 'wiped', more: Partial<AttemptFacts> = {}) =>
      targetFacts({ attempt: 2, latest: entry(state), ...more });
    const left = ['attempt 1', 'PersistentVolume jellyfin-config', entry('abandoned').at] as const;

    it.each<[string, AttemptFacts, Told]>([
      [
        'its file system is there',
        given('abandoned', { looks: both({ ...seen, content: 'ext4', uuid }) }),
        ['not-wiped', lunSubject, 'ext4', uuid, ...left],
      ],
      [
        'it is wiped in part',
        given('wiping', { looks: both({ ...seen, content: 'ext4', uuid }) }),
        ['not-wiped', lunSubject, 'ext4', uuid, ...left],
      ],
      ['it may have left half a mkfs', given('abandoned'), ['not-wiped', lunSubject, 'may not be blank', ...left]],
      [
        'somebody has formatted it since',
        given('abandoned', { looks: both({ ...seen, content: 'xfs', uuid: 'another' }) }),
        ['not-blank', lunSubject, 'xfs', 'another'],
      ],
    ])('is refused where %s', (_, input, expected) => {
      expectAdvice(refusals(input), [expected]);
    });

    it.each<[string, AttemptFacts]>([
      ['the same LUN, wiped', given('wiped')],
      ['another LUN', given('abandoned', { looks: both({ ...seen, wwn: '0x1' }) })],
    ])('is the next attempt on %s', (_, input) => {
      expect(planFormat(input).plan?.attempt.attempt).toBe(2);
    });
  });
});
