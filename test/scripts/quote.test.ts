import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { quote } from '../../lib/scripts/quote';

const values = [
  ['nothing', ''],
  ['a plain word', 'jellyfin-config'],
  ['a path', '/volume2/kube-nfs/v/jellyfin-config'],
  ['an iqn', 'iqn.2000-01.com.example:jellyfin'],
  ['a space', 'two words'],
  ['a single quote', "it's"],
  ['double quotes', 'say "it"'],
  ['what a shell expands', '$HOME `id` $(id) *.db ~ {a,b} \\n !!'],
  ['what ends a command', 'a; rm -rf / & b | c > d'],
  ['a newline', 'first\nsecond\n'],
  ['a tab', 'a\tb'],
  ['a dash first', '-rf'],
  ['an assignment', 'PATH=/tmp'],
  ['not ASCII', 'Amélie 天気 🎬'],
] as const;

describe('quote', () => {
  for (const shell of ['sh', 'bash']) {
    it.each(values)(`keeps %s through ${shell}`, (_, value) => {
      const printed = execFileSync(shell, ['-c', `printf '%s.' ${quote(value)}`], { encoding: 'utf8' });
      expect(printed).toBe(`${value}.`);
    });
  }

  it('keeps words apart', () => {
    const words = values.map(([, value]) => quote(value)).join(' ');
    const count = execFileSync('sh', ['-c', `set -- ${words}; printf %s $#`], { encoding: 'utf8' });
    expect(count).toBe(String(values.length));
  });

  it('never turns the first word into a command', () => {
    expect(quote('PATH=/tmp')).toBe("'PATH=/tmp'");
  });

  it('refuses values that no shell can hold', () => {
    expect(() => quote('a\0b')).toThrow('a value for a shell must not hold a NUL character, got "a\\u0000b"');
  });
});
