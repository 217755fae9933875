import { describe, expect, it } from 'vitest';
import { canonicalIscsiName, iscsiName, isSameIscsiName } from '../../lib/core/iscsi-names';

const takes = (name: string) => iscsiName.safeParse(name).success;

describe('iscsiName', () => {
  it.each([
    'iqn.2000-01.com.example:jellyfin',
    'iqn.2000-01.com.example:storage.disk2.sys1.xyz',
    'iqn.2000-01.com.Example-1:a/b_c',
    `eui.${'0123456789abcdef'.toUpperCase()}`,
    `naa.${'0'.repeat(32)}`,
  ])('takes %s', (name) => expect(takes(name)).toBe(true));

  it.each([
    ['an iqn without its part behind ":"', 'iqn.2000-01.com.example'],
    ['an iqn with nothing behind ":"', 'iqn.2000-01.com.example:'],
    ['a year of two digits', 'iqn.00-01.com.example:a'],
    ['a month of one digit', 'iqn.2000-1.com.example:a'],
    ['an underscore before ":"', 'iqn.2000-01.com.exa_mple:a'],
    ['a blank', 'iqn.2000-01.com.example:a b'],
    ['a comma', 'iqn.2000-01.com.example:a,b'],
    ['a dollar', 'iqn.2000-01.com.example:a$b'],
    ['a bar', 'iqn.2000-01.com.example:a|b'],
    ['text before it', 'x-iqn.2000-01.com.example:a'],
    ['upper case', 'IQN.2000-01.com.example:a'],
    ['eui with 15', `eui.${'0'.repeat(15)}`],
    ['eui with 17', `eui.${'0'.repeat(17)}`],
    ['naa with 16, which the API server refuses too', `naa.${'0'.repeat(16)}`],
    ['naa with 33', `naa.${'0'.repeat(33)}`],
    ['nothing', ''],
  ])('refuses %s', (_, name) => expect(takes(name)).toBe(false));
});

it('names are compared case-insensitively', () => {
  expect(canonicalIscsiName('iqn.2000-01.com.Example:NAS.Target-1')).toBe('iqn.2000-01.com.example:nas.target-1');
  expect(isSameIscsiName('iqn.2000-01.com.example:NAS', 'iqn.2000-01.com.example:nas')).toBe(true);
  expect(isSameIscsiName('iqn.2000-01.com.example:a', 'iqn.2000-01.com.example:b')).toBe(false);
});
