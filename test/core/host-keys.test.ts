import { expect, it } from 'vitest';
import { isHostKey } from '../../lib/core/host-keys';

const key = Buffer.concat([Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1'), Buffer.alloc(32)]).toString(
  'base64',
);

it.each<[boolean, string, string]>([
  [true, `ssh-ed25519 ${key}`, 'type and key'],
  [true, `ssh-ed25519 ${key} root@node-a`, 'with a comment'],
  [false, `ssh-rsa ${key}`, 'of another type than it says'],
  [false, key, 'without its type'],
  [false, `192.0.2.210 ssh-ed25519 ${key}`, 'a line of known_hosts'],
  [false, 'ssh-ed25519 AAAA', 'cut off'],
  [false, `ssh-ed25519 ${key}\nssh-ed25519 ${key}`, 'two lines'],
  [false, 'SHA256:abc', 'a fingerprint'],
])('%s for a key %s (%s)', (expected, text) => {
  expect(isHostKey(text)).toBe(expected);
});
