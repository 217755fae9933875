import { describe, expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

const run = (...lines: string[]) => runLibraries(['report', 'system'], lines).trim();

describe('the version of systemd', () => {
  it.each([
    ['of Debian', 'echo "systemd 252 (252.38-1~deb12u1)"; echo "+PAM +AUDIT"', '252'],
    ['of a candidate', 'echo "systemd 257~rc1 (257~rc1-4)"', '257'],
    ['is 0 where another program has that name', 'echo "usage: systemctl"', '0'],
    ['is 0 where it is not there', 'return 127', '0'],
  ])('%s', (_, says, version) => {
    expect(run(`systemctl() { ${says}; }`, 'systemd_version')).toBe(version);
  });
});

describe('private mounts', () => {
  const mounts = (root: string, kubelet: string) =>
    `findmnt() { case $* in *"--task 1 "*"--target /") ${root} ;; *"--task 1 "*"--target /var/lib/kubelet") ${kubelet} ;; *) return 2 ;; esac; }`;

  it.each([
    ['none of systemd', 'echo "/ shared"', 'echo "/ shared"', []],
    ['/ of OpenRC, which has the kubelet’s folder too, once', 'echo "/ private"', 'echo "/ private"', ['/']],
    ['a disk of the kubelet alone', 'echo "/ shared"', 'echo "/var/lib/kubelet private"', ['/var/lib/kubelet']],
    ['one that only receives', 'echo "/ private,slave"', 'return 1', ['/']],
    ['none where a mount both receives and passes on', 'echo "/ shared,slave"', 'return 1', []],
  ])('are %s', (_, root, kubelet, found) => {
    expect(JSON.parse(run(mounts(root, kubelet), 'private_mounts'))).toEqual(found);
  });

  it('are looked for in the tables of this system', () => {
    expect(Array.isArray(JSON.parse(run('private_mounts')))).toBe(true);
  });
});
