import { expect, it } from 'vitest';
import { problemsOf } from '../../lib/core/schema';
import { type InlineVolume, inlineKindOf, isPersistent, kindOf, type PersistentVolume } from '../../lib/volumes';

/** The problems of a volume, as a user may have written it. */
export function volumeProblems(volume: PersistentVolume | InlineVolume) {
  const { schema } = isPersistent(volume) ? kindOf(volume) : inlineKindOf(volume);
  return problemsOf(schema, volume, 'volume');
}

/** Rows of properties laid over a sample, each of which is accepted. */
export function accepts(sample: PersistentVolume | InlineVolume, rows: readonly Readonly<Record<string, unknown>>[]) {
  it.each(rows)('takes %j', (row) => {
    expect(volumeProblems({ ...sample, ...row } as PersistentVolume)).toEqual([]);
  });
}

/** Rows of properties laid over a sample, and the one path where each is refused. */
export function refuses(
  sample: PersistentVolume | InlineVolume,
  rows: readonly (readonly [Readonly<Record<string, unknown>>, string, RegExp?])[],
) {
  it.each(rows.map(([row, path, expected = /./]) => ({ row, path, expected })))('refuses $row at $path', (refused) => {
    const { row, path, expected } = refused;
    expect(volumeProblems({ ...sample, ...row } as PersistentVolume)).toEqual([
      expect.objectContaining({ path: `volume.${path}`, expected: expect.stringMatching(expected) }),
    ]);
  });
}

/** The PersistentVolume's spec and the claim's, with properties laid over a sample. */
export function specsOf(sample: PersistentVolume, row: Readonly<Record<string, unknown>> = {}) {
  const volume = { ...sample, ...row } as PersistentVolume;
  const kind = kindOf(volume);
  return {
    volume: kind.persistentVolume(volume, 'media')?.spec ?? {},
    claim: kind.persistentVolumeClaim(volume, 'media')?.spec ?? {},
  };
}
