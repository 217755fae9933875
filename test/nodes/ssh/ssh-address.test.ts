import { expect, it } from 'vitest';
import { parseSshAddress, type SshAddress } from '../../../lib/nodes/ssh/ssh-address';

it.each<[string, SshAddress]>([
  ['admin@192.0.2.210', { user: 'admin', host: '192.0.2.210' }],
  ['root@node-a.example.com:2222', { user: 'root', host: 'node-a.example.com', port: 2222 }],
  ['admin@[2001:db8::1]', { user: 'admin', host: '2001:db8::1' }],
  ['admin@[2001:db8::1]:22', { user: 'admin', host: '2001:db8::1', port: 22 }],
])('takes %s apart', (address, parts) => {
  expect(parseSshAddress(address)).toEqual(parts);
});
