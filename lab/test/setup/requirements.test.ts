import { describe, expect, it } from 'vitest';
import { missingPackages } from '../../setup/requirements';

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
