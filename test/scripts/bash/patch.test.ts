import { linkSync, readFileSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeclineCode } from '../../../lib/scripts/decline-codes';
import { sha256 } from '../hashed-trees';
import { ScannedTrees } from '../scanned-trees';

let trees: ScannedTrees;
beforeEach(() => {
  trees = new ScannedTrees();
  trees.run('mkdir "$target/folder"; echo old >"$target/folder/config.xml"; chmod 640 "$target/folder/config.xml"');
});
afterEach(() => trees.remove());

/** Patches a file as the end of a copy does, and prints what was changed beside. */
const patch = (path: string, expected = sha256('old\n'), text = 'new text\n') =>
  trees.run(
    `patch_paths=('${path}') patch_hashes=(${expected}) patch_texts=(${Buffer.from(text).toString('base64')})
    list_files "$target" "$lists/listed" 0; hash_files "$target" "$lists/listed" 1
    scan_whole "$target" "$lists/before"; require_patchable "$lists/before" "$lists/listed.hashes"
    apply_patches; scan_whole "$target" "$lists/after"; require_patched "$lists/before" "$lists/after"; require_patched_texts
    echo patched`,
    ['patch'],
  );

describe('a patch', () => {
  it('changes the text of a file, and leaves everything else, including its folder', () => {
    const time = statSync(trees.path('folder', 'target')).mtimeMs;
    expect(patch('folder/config.xml')).toBe('patched\n');
    expect(readFileSync(trees.path('folder/config.xml', 'target'), 'utf8')).toBe('new text\n');
    expect(statSync(trees.path('folder/config.xml', 'target')).mode & 0o7777).toBe(0o640);
    expect(statSync(trees.path('folder', 'target')).mtimeMs).toBe(time);
  });

  it.each<[string, string, DeclineCode, () => void]>([
    ['has another text', 'folder/config.xml', 'other-text', () => {}],
    ['is not there', 'folder/other.xml', 'no-file', () => {}],
    ['is behind a link', 'link/config.xml', 'no-file', () => trees.run('ln -s folder "$target/link"')],
    [
      'has more names',
      'folder/config.xml',
      'linked',
      () => linkSync(trees.path('folder/config.xml', 'target'), trees.path('more', 'target')),
    ],
  ])('is declined for a file that %s', (_, path, code, change) => {
    change();
    const expected = code === 'other-text' ? '0'.repeat(64) : sha256('old\n');
    expect(JSON.parse(patch(path, expected))).toMatchObject({
      result: 'declined',
      code,
      reason: expect.stringContaining(path),
    });
    expect(readFileSync(trees.path('folder/config.xml', 'target'), 'utf8')).toBe('old\n');
  });
});
