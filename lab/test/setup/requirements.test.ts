import { describe, expect, it } from 'vitest';
import { lacksOf, missingPackages } from '../../setup/requirements';

describe('what the lab lacks', () => {
  const having = (...files: string[]) => missingPackages('/usr/bin:/bin', (file) => files.includes(String(file)));

  it('is named by package', () => {
    expect(having()).toEqual([
      'qemu-system-x86',
      'qemu-utils',
      'mmdebstrap',
      'fakeroot',
      'socat',
      'e2fsprogs',
      'openssh-client',
      'tar',
      'debian-archive-keyring',
    ]);
  });

  it('is less where there is something, also where the PATH of a plain user does not lead', () => {
    const programs = ['qemu-system-x86_64', 'qemu-img', 'mmdebstrap', 'fakeroot', 'socat', 'ssh-keygen', 'tar'];
    const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
    expect(having(...programs.map((name) => `/usr/bin/${name}`), '/usr/sbin/mke2fs', keyring)).toEqual([]);
  });
});

describe('a machine that is too small', () => {
  const enough = { memoryMebibytes: 6 * 1024, diskMebibytes: 6 * 1024 };

  it.each([
    ['nothing is lacking at the limits that are promised', enough, []],
    [
      'memory',
      { ...enough, memoryMebibytes: 4000 },
      [/^the lab needs \d+ MiB of memory, 4000 MiB are available: end other programs/],
    ],
    [
      'disk space',
      { ...enough, diskMebibytes: 100 },
      [/^the lab needs 6144 MiB of disk space in \/cache, 100 MiB are free: make room there, or set XDG_CACHE_HOME/],
    ],
    ['both at once', { memoryMebibytes: 0, diskMebibytes: 0 }, [/memory/, /disk space/]],
  ])('%s', (_, available, expected) => {
    expect(lacksOf('/cache', available, false)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  it('needs less disk space once everything is built', () => {
    expect(lacksOf('/cache', { ...enough, diskMebibytes: 2000 }, true)).toEqual([]);
    expect(lacksOf('/cache', { ...enough, diskMebibytes: 900 }, true)).toEqual([
      expect.stringContaining('needs 1024 MiB'),
    ]);
  });
});
