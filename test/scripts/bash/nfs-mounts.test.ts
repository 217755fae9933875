import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

const TABLE = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
31 22 0:50 / /mnt/a\\040b rw,relatime shared:7 master:2 - nfs4 nas.example.com:/volume2/a\\040b rw,vers=4.2,addr=192.0.2.200
32 22 0:51 / /var/lib/kubelet/x rw - nfs [2001:db8::1]:/volume1 rw,vers=3,mountaddr=2001:db8::1,addr=2001:db8::1
33 22 0:52 / /mnt/root rw - nfs4 192.0.2.200:/ rw,vers=4.2,addr=192.0.2.200
`;

it('mounts of NFS are found in every namespace, each once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lunward-proc-'));
  try {
    const tables = { 1: TABLE, 17: TABLE, 9: TABLE.replace(/^31 /m, '99 '), 20: TABLE.replace(/^.*nfs.*\n/gm, '') };
    for (const [process, table] of Object.entries(tables)) {
      mkdirSync(join(folder, process));
      writeFileSync(join(folder, process, 'mountinfo'), table);
    }
    mkdirSync(join(folder, '30'));
    expect(runLibraries(['nfs-mounts'], [`nfs_mounts ${folder}`])).toBe(
      [
        '1 nas.example.com /volume2/a\\040b /mnt/a\\040b 192.0.2.200',
        '1 [2001:db8::1] /volume1 /var/lib/kubelet/x 2001:db8::1',
        '1 192.0.2.200 / /mnt/root 192.0.2.200',
        '9 nas.example.com /volume2/a\\040b /mnt/a\\040b 192.0.2.200',
        '',
      ].join('\n'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('escapes of mountinfo are decoded', () => {
  expect(runLibraries(['nfs-mounts'], ["unescaped 'a\\040b\\134c\\011%s'"])).toBe('a b\\c\t%s');
});

it.each([
  ['/volume2/config', '/volume2/config', 'yes'],
  ['/volume2/config', '/volume2/config/', 'yes'],
  ['/volume2//config', '/volume2/config/deeper', 'yes'],
  ['/volume2/config', '/volume2', 'yes'],
  ['/volume2/config', '/', 'yes'],
  ['/volume2/config', '/volume2/config-2', 'no'],
  ['/volume2/config', '/volume', 'no'],
  ['/volume2/co*', '/volume2/config', 'no'],
])('%s and %s overlap: %s', (path, other, answer) => {
  for (const [one, two] of [
    [path, other],
    [other, path],
  ]) {
    expect(runLibraries(['nfs-mounts'], [`if overlap '${one}' '${two}'; then echo -n yes; else echo -n no; fi`])).toBe(
      answer,
    );
  }
});
