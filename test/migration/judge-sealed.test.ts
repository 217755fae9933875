import { describe, expect, it } from 'vitest';
import type { AdviceCode } from '../../lib/core/advice-codes';
import { judgeSealed, type SealedFacts } from '../../lib/migration/judge-sealed';
import { expectAdvice } from '../expect-advice';
import { lun } from '../helpers';
import { verified } from '../scripts/verified';
import { entry, uuid } from './facts';

const manifest = verified.manifest;
const guard = {
  name: 'lunward-guard',
  args: ['lunward-guard', '/lunward', '1', 'config-2', uuid],
  volumeMounts: [{ name: 'config', mountPath: '/lunward' }],
};
const pod = (initContainers: readonly object[], claimName = 'config-2'): SealedFacts['pod'] =>
  ({
    containers: [],
    initContainers,
    volumes: [
      { name: 'cache', emptyDir: {} },
      { name: 'config', persistentVolumeClaim: { claimName } },
    ],
  }) as unknown as SealedFacts['pod'];

const judge = (more: Partial<SealedFacts> = {}) =>
  judgeSealed({
    app: 'jellyfin',
    volume: lun('config-2'),
    latest: entry('sealed', { manifest }),
    before: 'config',
    seal: { attempt: 1, uuid },
    pod: pod([guard]),
    node: 'node-b',
    found: verified,
    ...more,
  });
const some = (...names: string[]) => ({ files: { count: names.length, names }, bytes: 1024 });

describe('a sealed volume', () => {
  it('is fine although the app has written to it', () => {
    const found = { ...verified, changed: some('a'), added: some('b'), removed: some('c') };
    expect(judge({ found })).toEqual([]);
  });

  it.each<[string, Partial<SealedFacts>, AdviceCode, readonly string[], RegExp]>([
    [
      'has other bytes',
      { found: { ...verified, damaged: some('x y', 'z') } },
      'file-damaged',
      ['2 files', '1 KiB', '"x y", "z"'],
      /disks.*from "config", which holds them as they were moved/,
    ],
    [
      'has other bytes, and none before it',
      { before: undefined, found: { ...verified, damaged: { files: { count: 9, names: ['a'] }, bytes: 1 } } },
      'file-damaged',
      ['9 files', '"a", and 8 more'],
      /restore these from a backup/,
    ],
    [
      "can't be read",
      { found: { ...verified, unreadable: some('x'), complaint: "dd: error reading './x': Input/output error" } },
      'file-unreadable',
      ['1 file', '1 KiB', '"x"', 'Input/output error'],
      /log of node-b/,
    ],
    ["can't be looked at", { found: 'no answer' }, 'not-verified', ['no answer'], /lunward verify jellyfin/],
    [
      'has another list',
      { latest: entry('sealed', { manifest: 'f'.repeat(64) }) },
      'list-differs',
      [manifest, 'expected', 'f'.repeat(64)],
      /lunward-reports/,
    ],
    ['is not in the lock', { seal: undefined }, 'lock-differs', ['nothing'], /lunward status jellyfin --write-lock/],
    ['is another one in the lock', { seal: { attempt: 2, uuid } }, 'lock-differs', ['attempt 2', uuid], /--write-lock/],
    ['has no Deployment', { pod: undefined }, 'deployment-missing', [], /apply the description/],
    ['is not mounted', { pod: pod([guard], 'config') }, 'mount-differs', [], /apply the description/],
    [
      'has no guard',
      { pod: pod([{ ...guard, name: 'other' }]) },
      'guard-differs',
      ['without a guard'],
      /apply the description/,
    ],
    [
      'has the guard of another volume',
      { pod: pod([{ ...guard, volumeMounts: [{ name: 'cache', mountPath: '/lunward' }] }]) },
      'guard-differs',
      ['without a guard'],
      /apply the description/,
    ],
    [
      'has the guard of another attempt',
      { pod: pod([{ ...guard, args: ['lunward-guard', '/lunward', '2', 'config-2', uuid] }]) },
      'guard-differs',
      ['2 config-2', 'expected', '1 config-2'],
      /apply the description/,
    ],
  ])('%s', (_, more, code, facts, remedy) => {
    const told = judge(more);
    expectAdvice(told, [[code, 'PersistentVolume config-2', ...facts]]);
    expect(told).toMatchObject([{ severity: 'error', remedy: expect.stringMatching(remedy) }]);
  });

  it('may have a pod with the guard of another volume too', () => {
    expect(
      judge({
        pod: pod([
          { ...guard, volumeMounts: [] },
          { ...guard, name: 'lunward-guard-2' },
        ]),
      }),
    ).toEqual([]);
  });

  it('has all its problems reported at once', () => {
    expect(judge({ found: 'no answer', seal: undefined, pod: undefined })).toHaveLength(3);
  });
});
