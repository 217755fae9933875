import { describe, expect, it } from 'vitest';
import { adviceSentence } from '../../lib/core/advice';
import type { AdviceCode } from '../../lib/core/advice-codes';
import { judgeSealed, type SealedFacts } from '../../lib/migration/judge-sealed';
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

  it.each<[string, Partial<SealedFacts>, RegExp, RegExp, AdviceCode]>([
    [
      'has other bytes',
      { found: { ...verified, damaged: some('x y', 'z') } },
      /^has 2 files \(1 KiB\) with the size and time of then and other bytes on its disk: "x y", "z"$/,
      /disks.*from "config", which holds them as they were moved/,
      'file-damaged',
    ],
    [
      'has other bytes, and none before it',
      { before: undefined, found: { ...verified, damaged: { files: { count: 9, names: ['a'] }, bytes: 1 } } },
      /"a", and 8 more$/,
      /restore these from a backup/,
      'file-damaged',
    ],
    [
      "can't be read",
      { found: { ...verified, unreadable: some('x'), complaint: "dd: error reading './x': Input/output error" } },
      /^has 1 file \(1 KiB\) that can't be read: "x" \(dd: .*Input\/output error\)$/,
      /log of node-b/,
      'file-unreadable',
    ],
    [
      "can't be looked at",
      { found: 'no answer' },
      /^can't be verified: no answer$/,
      /lunward verify jellyfin/,
      'not-verified',
    ],
    [
      'has another list',
      { latest: entry('sealed', { manifest: 'f'.repeat(64) }) },
      /by its marker, expected f+, as the journal has it$/,
      /lunward-reports/,
      'list-differs',
    ],
    [
      'is not in the lock',
      { seal: undefined },
      /says nothing of it/,
      /lunward status jellyfin --write-lock/,
      'lock-differs',
    ],
    [
      'is another one in the lock',
      { seal: { attempt: 2, uuid } },
      /says attempt 2, UUID/,
      /--write-lock/,
      'lock-differs',
    ],
    [
      'has no Deployment',
      { pod: undefined },
      /Deployment is not in the cluster/,
      /apply the description/,
      'deployment-missing',
    ],
    [
      'is not mounted',
      { pod: pod([guard], 'config') },
      /not what the Deployment mounts/,
      /apply the description/,
      'mount-differs',
    ],
    [
      'has no guard',
      { pod: pod([{ ...guard, name: 'other' }]) },
      /without a guard/,
      /apply the description/,
      'guard-differs',
    ],
    [
      'has the guard of another volume',
      { pod: pod([{ ...guard, volumeMounts: [{ name: 'cache', mountPath: '/lunward' }] }]) },
      /without a guard/,
      /apply the description/,
      'guard-differs',
    ],
    [
      'has the guard of another attempt',
      { pod: pod([{ ...guard, args: ['lunward-guard', '/lunward', '2', 'config-2', uuid] }]) },
      /whose guard wants "2 config-2 .*", expected "1 config-2 /,
      /apply the description/,
      'guard-differs',
    ],
  ])('%s', (_, more, text, remedy, code) => {
    const told = judge(more);
    expect(told).toEqual([
      expect.objectContaining({
        code,
        subject: 'PersistentVolume config-2',
        severity: 'error',
        remedy: expect.stringMatching(remedy),
      }),
    ]);
    expect(told.map((one) => adviceSentence({ ...one, subject: '' }).trim())).toEqual([expect.stringMatching(text)]);
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
