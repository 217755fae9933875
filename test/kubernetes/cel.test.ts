import { describe, expect, it } from 'vitest';
import { celString, celStrings } from '../../lib/kubernetes/cel';

describe('a string literal of CEL', () => {
  it.each([
    ['nothing', '', '""'],
    ['a name', 'jellyfin-config', '"jellyfin-config"'],
    ['quotes of both kinds', `it's "it"`, `"it's \\"it\\""`],
    ['a backslash', 'a\\b', '"a\\\\b"'],
    ['what looks like an escape', '\\n\\"', '"\\\\n\\\\\\""'],
    ['ends of lines', 'a\nb\r\n\tc', '"a\\nb\\r\\n\\tc"'],
    ['a character of control', '\u0001', '"\\u0001"'],
    ['letters of any script', 'Bücher, 書, 😀', '"Bücher, 書, 😀"'],
    ['what would end it', '" || true || "', '"\\" || true || \\""'],
  ])('contains %s', (_, value, literal) => {
    expect(celString(value)).toBe(literal);
  });

  it('can be an element of a list', () => {
    expect(celStrings([])).toBe('[]');
    expect(celStrings(['a', 'b"'])).toBe('["a", "b\\""]');
  });
});
