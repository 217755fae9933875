import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { withKnownHost } from '../../../lib/nodes/ssh/known-host';
import { sshArguments } from '../../../lib/nodes/ssh/ssh';

it('gives ssh only one known_hosts file with one key, while it is used', async () => {
  let file = '';
  await expect(
    withKnownHost('node-a', 'ssh-ed25519 AAAA', async (options) => {
      file = /^UserKnownHostsFile="(.*)"$/.exec(options[0] ?? '')?.[1] ?? '';
      expect(readFileSync(file, 'utf8')).toBe('node-a ssh-ed25519 AAAA\n');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(options).toContain('GlobalKnownHostsFile=/dev/null');
      expect(options).toContain('HostKeyAlias=node-a');
      // Of two, ssh takes the first.
      expect(sshArguments('admin@192.0.2.210', options).slice(0, 2)).toEqual(['-o', options[0]]);
      expect(sshArguments('admin@192.0.2.210', options)).toContain('StrictHostKeyChecking=yes');
      throw new Error('it failed');
    }),
  ).rejects.toThrow('it failed');
  expect(existsSync(dirname(file))).toBe(false);
});
