import { describe, expect, it } from 'vitest';
import { verifyText } from '../../../lib/cli/views/verify-text';
import type { VerifiedMount } from '../../../lib/migration/use-cases/verify';
import { verified } from '../../scripts/verified';

const mount: VerifiedMount = {
  app: 'jellyfin',
  mountPath: '/config',
  claim: 'config-2',
  volume: 'config-2',
  attempt: 1,
  sealedAt: '2026-01-02T03:04:05.678Z',
  node: 'node-b',
  pod: 'jellyfin-1',
  found: { ...verified, changed: { files: { count: 1, names: ['a'] }, bytes: 5 } },
  findings: [],
};

describe('a verification', () => {
  it('shows what is unchanged, and what the app has written', () => {
    expect(verifyText([mount])).toBe(
      [
        'jellyfin: /config on claim config-2, sealed as attempt 1 at 2026-01-02T03:04:05.678Z, read where pod jellyfin-1 uses it on node-b',
        '  sealed: 1200 files (3 GiB)',
        '  unchanged, by SHA-256 of what the disk returns: 1200 files (3 GiB); 3 GiB read in 42 s',
        '  written to since: 1 file (5 B): "a"',
        '',
        'Nothing is wrong with it.',
      ].join('\n'),
    );
  });

  it('shows what is wrong, with what to do, and what could not be checked', () => {
    const { node: _, pod: __, found: ___, ...unseen } = mount;
    const finding = {
      subject: 'PersistentVolume config-2',
      code: 'file-damaged',
      severity: 'error',
      found: 'is bad',
      remedy: 'do this',
    } as const;
    expect(verifyText([{ ...unseen, findings: [finding] }])).toBe(
      [
        'jellyfin: /config on claim config-2, sealed as attempt 1 at 2026-01-02T03:04:05.678Z',
        '',
        'error: PersistentVolume config-2 is bad',
        '  do this',
      ].join('\n'),
    );
  });

  it('says where the volume was read if nothing uses it', () => {
    const { pod: _, ...unused } = mount;
    expect(verifyText([unused])).toContain(', not in use, read on node-b\n');
  });
});
