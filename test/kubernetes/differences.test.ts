import { describe, expect, it } from 'vitest';
import type { Lock } from '../../lib/cluster/lock';
import { ConflictError, type LiveObject } from '../../lib/kubernetes/cluster-client';
import { type Difference, differences, differencesFrom, isOfGuard } from '../../lib/kubernetes/differences';
import { lun, manifestsWith, ofKind, untyped } from '../helpers';

const linesOf = (found: readonly Difference[]) => found.map(({ text }) => text);

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
    [{ a: [] }, {}, ['a: runs [], described without it']],
    [{ a: [{ name: 'x', v: 1 }] }, { a: [{ name: 'x', v: 2 }] }, ['a[x].v: runs 1, described 2']],
    [{ a: [{ name: 'y' }] }, { a: [{ name: 'x' }, { name: 'y' }] }, ['a[x]: runs without it, described {"name":"x"}']],
    [{ a: [{ name: 'x' }] }, {}, ['a[x]: runs {"name":"x"}, described without it']],
    [
      { a: [{ name: 'x' }, { name: 'y' }, { name: 'z' }] },
      { a: [{ name: 'y' }, { name: 'x' }] },
      ['a[z]: runs {"name":"z"}, described without it', 'a: runs in the order x, y, described y, x'],
    ],
    // Two of one name, or one without.
    [
      { a: [{ name: 'x' }, { name: 'x' }] },
      { a: [{ name: 'x' }, { name: 'z' }] },
      ['a[1].name: runs "x", described "z"'],
    ],
    [{ a: [{ name: 'x' }, {}] }, { a: [{ name: 'x' }, 1] }, ['a[1]: runs {}, described 1']],
  ])('of %j and %j', (live, described, lines) => {
    expect(linesOf(differences(live, described))).toEqual(lines);
  });
});

describe('a difference', () => {
  it.each<[string, unknown, unknown, string, boolean]>([
    ['of two values', { a: { b: 1 } }, { a: { b: 2 } }, 'a.b', false],
    ['of what is not described', { a: [{ name: 'x' }] }, { a: [] }, 'a[x]', true],
    ['of what does not run', { a: {} }, { a: { b: 1 } }, 'a.b', false],
    ['of nothing that is described as such', { a: 1 }, { a: null }, 'a', false],
    ['of a text that ends as a line does', { a: 1 }, { a: 'x, described without it' }, 'a', false],
    ['of an order', { a: [{ name: 'x' }, { name: 'y' }] }, { a: [{ name: 'y' }, { name: 'x' }] }, 'a', false],
  ])('%s says where it is, and whether only the live object has it', (_, live, described, path, isExtra) => {
    expect(differences(live, described)).toMatchObject([{ path, isExtra }]);
  });
});

describe('a long value', () => {
  const text = (differing: string) => `${'a'.repeat(900)}${differing}${'z'.repeat(900)}`;

  it('that is a string is shown around the difference', () => {
    const [line = '', ...more] = linesOf(differences({ script: text('one') }, { script: text('two') }));
    expect(more).toEqual([]);
    expect(line).toMatch(/^script: runs "…a+onez+…" \(1803 characters\), described "…a+twoz+…" \(1803 characters\)$/);
  });

  it.each<[string, unknown, unknown]>([
    ['of the one that runs alone', text('one'), undefined],
    ['of the one that is described alone', undefined, text('one')],
    ['that is longer', 'a', text('one')],
    ['of an object', undefined, { a: text('one'), b: 1 }],
    ['of a list', [text('one')], 1],
  ])('%s is shortened', (_, live, described) => {
    const lines = linesOf(differences({ value: live }, { value: described }));
    expect(lines).toEqual([expect.stringContaining('characters)')]);
    expect(lines[0]?.length).toBeLessThan(300);
  });
});

describe('a guard', () => {
  const deployment = (attempt: number | undefined) => {
    const seal = { attempt: attempt ?? 0, uuid: '6f1a3a4e-0f5c-4a53-9d0e-1c7f8a1f0b01' };
    const lock: Lock = { version: 1, live: {}, sealed: { app: attempt === undefined ? {} : { config: seal } } };
    return ofKind(manifestsWith({ config: lun('config') }, {}, lock), 'Deployment')[0]?.spec;
  };
  const guard = 'template.spec.initContainers[lunward-guard]';

  it.each<[string, number | undefined, number | undefined, string]>([
    [
      'that is missing',
      undefined,
      1,
      `${guard}: runs without it, described the guard of attempt 1 of PersistentVolume `,
    ],
    ['that is not described', 2, undefined, `${guard}: runs the guard of attempt 2 of PersistentVolume `],
    ['of another attempt', 1, 2, `${guard}.args[2]: runs "1", described "2"`],
  ])('%s is one short line', (_, live, described, expected) => {
    const found = differences(deployment(live), deployment(described));
    const lines = linesOf(found);
    expect(lines).toEqual([expect.stringContaining(expected)]);
    expect(lines[0]?.length).toBeLessThan(200);
    expect(found.map(isOfGuard)).toEqual([true]);
  });

  it('is distinguished from other init containers', () => {
    expect(isOfGuard({ path: 'spec.template.spec.initContainers[chown].image' })).toBe(false);
    expect(isOfGuard({ path: 'spec.replicas' })).toBe(false);
    const note = '.initContainers[lunward-guard]';
    expect(differences({ note }, {}).map(isOfGuard)).toEqual([false]);
  });
});

describe('an object that a controller writes into meanwhile', () => {
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'app' }, spec: { replicas: 2 } };
  const live = (resourceVersion: string): LiveObject =>
    untyped({ ...manifest, metadata: { name: 'app', resourceVersion }, spec: { replicas: 1 } });
  const client = (writes: number, found: LiveObject | undefined = live(String(writes))) => ({
    read: async () => found,
    dryRunReplace: async (object: LiveObject) => {
      if (Number(object.metadata?.resourceVersion) < writes) throw new ConflictError('modified');
      return untyped<LiveObject>({ ...object, spec: { replicas: 2 } });
    },
  });

  it('is compared in its latest state', async () => {
    expect(await differencesFrom(live('1'), manifest, client(3))).toMatchObject([{ path: 'spec.replicas' }]);
  });

  it('does not differ if it was deleted', async () => {
    const gone = { ...client(3), read: async () => undefined };
    expect(await differencesFrom(live('1'), manifest, gone)).toEqual([]);
  });

  it('is not compared again forever', async () => {
    await expect(differencesFrom(live('1'), manifest, client(3, live('1')))).rejects.toThrow(ConflictError);
  });
});
