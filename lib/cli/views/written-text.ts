import { readableBytes } from '../../core/quantity';
import type { VerifiedVolume } from '../../scripts/copy/verify-volume';

type Some = VerifiedVolume['changed'];

/**
 * What was written to a volume since it was sealed, for a person.
 *
 * @param layout `line`: the first names in one line; `list`: each name on its own line
 */
export function writtenLines({ changed, added, removed }: VerifiedVolume, layout: 'line' | 'list' = 'line'): string[] {
  const kinds = [
    ['written to since', changed],
    ['new since', added],
    ['removed since', removed],
  ] as const;
  const lines = kinds.flatMap(([what, some]) => (some.files.count > 0 ? told(what, some, layout) : []));
  return lines.length > 0 ? lines : ['nothing was written to it since'];
}

function told(what: string, { files: { count, names }, bytes }: Some, layout: 'line' | 'list'): string[] {
  const head = `${what}: ${fileCount(count)} (${readableBytes(bytes)})`;
  const shown = names.map((name) => JSON.stringify(name));
  const more = count > names.length ? [`and ${count - names.length} more`] : [];
  return layout === 'line'
    ? [`${head}: ${[...shown, ...more].join(', ')}`]
    : [`${head}:`, ...[...shown, ...more].map((name) => `  ${name}`)];
}

export function fileCount(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}
