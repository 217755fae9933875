import { describe, expect, it } from 'vitest';
import { finalCopy } from '../../../lib/scripts/copy/final-copy';
import { scanSource } from '../../../lib/scripts/copy/scan-source';
import { sourceUsers } from '../../../lib/scripts/node/source-users';

const props = {
  source: { server: '192.0.2.200', path: '/volume2/config' },
  target: { portal: '192.0.2.200:3260', iqn: 'iqn.2000-01.com.example:a', lun: 1, bytes: 1024, wwn: '0x6001' },
  attempt: { volume: 'config-2', attempt: 1, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' },
  fileSystem: 'ext4' as const,
};

describe('a final copy', () => {
  it('is approved before its patches are known', () => {
    const plain = finalCopy({ ...props, patches: [] });
    const patched = finalCopy({ ...props, patches: [{ path: "it's", sha256: 'abc', text: 'grün\n' }] });
    expect(patched.hash).toBe(plain.hash);
    expect(plain.text).toContain('\npatch_paths=()\npatch_hashes=()\npatch_texts=()\n');
    expect(patched.text).toContain("\npatch_paths=('it'\\''s')\npatch_hashes=(abc)\npatch_texts=(Z3LDvG4K)\n");
    expect(finalCopy({ ...props, attempt: { ...props.attempt, attempt: 2 }, patches: [] }).hash).not.toBe(plain.hash);
  });
});

describe('a server with an IPv6 address', () => {
  it('is mounted with brackets, and found without', () => {
    const source = { server: '[2001:db8::1]', path: '/volume2/config' };
    expect(scanSource(source).text).toContain("\nserver='[2001:db8::1]'\n");
    expect(sourceUsers(source).text).toContain('\nserver=2001:db8::1\n');
  });
});
