import { expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

/** Whether a mount is of a server, where the resolver answers so. */
function isOf(server: string, answer: string, mount: { readonly name: string; readonly address: string }): boolean {
  const lines = [
    'report() { exit 9; }',
    // What the node's resolver would say.
    `timeout() { printf '%s\\n' '${answer}'; }`,
    `resolve_server '${server}'`,
    `if is_server '${mount.name}' '${mount.address}'; then echo yes; else echo no; fi`,
  ];
  return runLibraries(['nfs-mounts', 'nfs-users'], lines) === 'yes\n';
}

const v6 = '2001:db8::200   STREAM 2001:db8::200';
const v4 = '192.0.2.200     STREAM nas.example.com';

it.each<[string, boolean, string, string, string, string]>([
  ['its address', true, 'nas.example.com', v4, '192.0.2.200', '192.0.2.200'],
  ['its name in another case', true, 'nas.example.com', v4, 'NAS.example.com', '192.0.2.9'],
  ['another name, with its address', true, 'nas.example.com', v4, 'storage', '192.0.2.200'],
  ['its IPv6 address in brackets', true, '2001:db8::200', v6, '[2001:db8::200]', '2001:db8::200'],
  ['its IPv6 address in another spelling', true, '2001:db8::200', v6, '[2001:DB8:0:0::0200]', ''],
  ['IPv4 within IPv6', true, '192.0.2.200', v4, '[::ffff:192.0.2.200]', '::ffff:192.0.2.200'],
  ['another address', false, '2001:db8::200', v6, '[2001:db8::201]', '2001:db8::201'],
  ['no address', false, 'nas.example.com', v4, 'storage', ''],
])('a mount by %s is one of the server: %s', (_, expected, server, answer, name, address) => {
  expect(isOf(server, answer, { name, address })).toBe(expected);
});
