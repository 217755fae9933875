import { describe, expect, it } from 'vitest';
import {
  canonicalHost,
  canonicalPortal,
  host,
  isAbsolutePath,
  isHost,
  parsePortal,
  portal,
} from '../../lib/core/addresses';
import { spellings } from './spellings';

describe('parsePortal', () => {
  it.each([
    ['192.0.2.200', '192.0.2.200', 3260],
    ['192.0.2.200:3260', '192.0.2.200', 3260],
    ['192.0.2.200:1', '192.0.2.200', 1],
    ['192.0.2.200:65535', '192.0.2.200', 65535],
    ['[2001:db8::200]:3260', '2001:db8::200', 3260],
    ['[2001:DB8:0:0::0200]:3260', '2001:db8::200', 3260],
  ])('takes %s', (portal, address, port) => expect(parsePortal(portal)).toEqual({ address, port }));

  it.each([
    ['a bare IPv6 address', '2001:db8::200'],
    ['IPv6 in brackets without a port', '[2001:db8::200]'],
    ['IPv4 in brackets', '[192.0.2.200]:3260'],
    ['a host name', 'nas.example.com:3260'],
    ['a host name in brackets', '[nas]:3260'],
    ['port 0', '192.0.2.200:0'],
    ['port 65536', '192.0.2.200:65536'],
    ['a port with a leading zero, which no by-path link has', '192.0.2.200:03260'],
    ['the same of IPv6', '[2001:db8::200]:03260'],
    ['no port behind the colon', '192.0.2.200:'],
    ['a port that is no number', '192.0.2.200:iscsi'],
    ['half an address', '192.0.2'],
    ['a number too large', '192.0.2.256:3260'],
    ['a zone', '[fe80::1%eth0]:3260'],
    ['a blank', ' 192.0.2.200:3260'],
    ['nothing', ''],
  ])('refuses %s', (_, portal) => expect(parsePortal(portal)).toBeUndefined());
});

describe('canonicalHost', () => {
  it.each<readonly [string, string]>([
    ...spellings,
    ...spellings.map(([written, canonical]) => [`[${written}]`, canonical] as const),
    ['192.0.2.200', '192.0.2.200'],
    ['NAS.Example.com', 'nas.example.com'],
    ['nas.example.com.', 'nas.example.com'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['', ''],
  ])('%s is %s', (written, canonical) => {
    expect(canonicalHost(written)).toBe(canonical);
    expect(canonicalHost(canonical)).toBe(canonical);
  });
});

describe('canonicalPortal', () => {
  it.each([
    ['192.0.2.200', '192.0.2.200:3260'],
    ['192.0.2.200:3260', '192.0.2.200:3260'],
    ['192.0.2.200:860', '192.0.2.200:860'],
    ['[2001:DB8:0:0::0200]:3260', '[2001:db8::200]:3260'],
    ['[::ffff:192.0.2.200]:3260', '192.0.2.200:3260'],
    ['nas.example.com:3260', 'nas.example.com:3260'],
  ])('%s is %s', (written, canonical) => {
    expect(canonicalPortal(written)).toBe(canonical);
    expect(canonicalPortal(canonical)).toBe(canonical);
  });
});

it.each([
  [portal, '[fe80::1%eth0]:3260'],
  [portal, 'fe80::1%eth0'],
  [host, 'fe80::1%eth0'],
])('an address with a zone is refused, only for the zone: %#', (schema, value) => {
  const issues = schema.safeParse(value).error?.issues.map(({ message }) => message);
  expect(issues).toEqual([expect.stringMatching(/without a zone .*; a zone names a network interface of one machine/)]);
});

describe('isHost', () => {
  it.each(['192.0.2.200', '2001:db8::200', 'nas', 'nas.example.com', 'NAS-1'])('takes %s', (host) =>
    expect(isHost(host)).toBe(true),
  );
  it.each([
    '',
    'nas:2049',
    '-nas',
    'nas_1',
    'nas..example.com',
    '192.0.2.256',
    '192.0.2',
    'fe80::1%eth0',
    `${'a.'.repeat(127)}aa`,
  ])('refuses %s', (name) => expect(isHost(name)).toBe(false));
});

describe('isAbsolutePath', () => {
  it.each(['/', '/volume1/media', '/a b', '/.hidden', '/a..b', '/...', '/dev/disk/by-path/pci-0000:00:1f.2-ata-1'])(
    'takes %s',
    (path) => expect(isAbsolutePath(path)).toBe(true),
  );
  it.each(['', 'volume1', '/volume1/', '//volume1', '/a//b', '/a/../b', '/..', '/.', '/a/./b', './a'])(
    'refuses %s',
    (path) => expect(isAbsolutePath(path)).toBe(false),
  );
});
