import { describe, expect, it } from 'vitest';
import { differences } from '../../lib/kubernetes/differences';

describe('differences', () => {
  it.each<[unknown, unknown, string[]]>([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, []],
    [{ spec: { replicas: 2 } }, { spec: { replicas: 1 } }, ['spec.replicas: runs 2, described 1']],
    [{ a: { b: 'x' } }, { a: {} }, ['a.b: runs "x", described without it']],
    [{ a: {} }, { a: { b: null } }, ['a.b: runs without it, described null']],
    [{ a: [1] }, { a: [1, 2] }, ['a[1]: runs without it, described 2']],
    [{ a: [1] }, { a: { 0: 1 } }, ['a: runs [1], described {"0":1}']],
    [{ a: 1, b: 1 }, { a: 2, b: 2 }, ['a: runs 1, described 2', 'b: runs 1, described 2']],
  ])('of %j and %j', (live, described, lines) => {
    expect(differences(live, described)).toEqual(lines);
  });
});
