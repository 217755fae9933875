import { describe, expect, it } from 'vitest';
import { spellings } from '../../core/spellings';
import { runLibraries } from '../run-libraries';

const key = (address: string) => runLibraries(['addresses'], [`address_key '${address}'`]).trimEnd();

describe('the key of an address', () => {
  it('is the same for all notations of one address, with or without brackets, and differs for others', () => {
    const words = spellings.flatMap(([written]) => [written, `[${written}]`]);
    const found = runLibraries(
      ['addresses'],
      [`for one in ${words.map((one) => `'${one}'`).join(' ')}; do address_key "$one"; done`],
    )
      .trimEnd()
      .split('\n');
    const keys = new Map<string, Set<string>>();
    for (const [index, one] of found.entries()) {
      const canonical = spellings[index >> 1]?.[1] ?? '';
      keys.set(canonical, (keys.get(canonical) ?? new Set()).add(one));
    }
    expect([...keys.values()].map(({ size }) => size)).toEqual([...keys].map(() => 1));
    expect(new Set(found).size).toBe(keys.size);
  });

  it.each([
    ['192.0.2.200', '192.0.2.200'],
    ['NAS.Example.com.', 'nas.example.com'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['2001:db8::xyz', '2001:db8::xyz'],
    ['', ''],
  ])('of %j is %j', (address, expected) => expect(key(address)).toBe(expected));
});

it.each([
  ['192.0.2.200:3260', '192.0.2.200:3260', true],
  ['[2001:DB8:0::200]:3260', '[2001:db8::200]:3260', true],
  ['[::ffff:192.0.2.200]:3260', '192.0.2.200:3260', true],
  ['192.0.2.200:3260', '192.0.2.200:860', false],
  ['192.0.2.200:3260', '192.0.2.201:3260', false],
])('%s and %s are one portal: %s', (one, other, same) => {
  const [left, right] = runLibraries(['addresses'], [`portal_key '${one}'; portal_key '${other}'`]).split('\n');
  expect(left === right).toBe(same);
});
