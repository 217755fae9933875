import { describe, expect, it } from 'vitest';
import { verifyVolume } from '../../../lib/scripts/copy/verify-volume';
import { growVolume } from '../../../lib/scripts/lun/grow-volume';

const target = { portal: '192.0.2.200:3260', iqn: 'iqn.2000-01.com.example:a', lun: 1, bytes: 1024, wwn: '0x6001' };
const volume = {
  target,
  attempt: { volume: 'config-2', attempt: 1, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' },
  isUsed: true,
};

describe('a check of a sealed volume', () => {
  it('is told whether the app runs, and whether to read files', () => {
    const { text } = verifyVolume({ ...volume, readsFiles: true });
    expect(text).toContain('\nused=yes\nhashes=yes\nprocesses=8\nmost_names=20\n');
    const quick = verifyVolume({ ...volume, isUsed: false, readsFiles: false, mostNames: 7 });
    expect(quick.text).toContain('\nused=no\nhashes=no\nprocesses=8\nmost_names=7\n');
  });

  it('has the same hash with another password', () => {
    const chap = { username: 'operator', password: 'a secret of 16' };
    const plain = verifyVolume({ ...volume, readsFiles: true });
    expect(verifyVolume({ ...volume, readsFiles: true, chap }).hash).toBe(plain.hash);
  });
});

describe('a volume that grows', () => {
  it('is reported with its old and its new size', () => {
    const { text } = growVolume({ ...volume, wantedBytes: 2048, mostBytes: 2068 });
    expect(text).toContain('\nbytes=1024\n');
    expect(text).toContain('\nwanted=2048\nmost=2068\n');
  });
});
