import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLibraries } from '../run-libraries';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-file-system-check-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Programs that end with these codes and print what they are called with. */
function checked(codes: Readonly<Record<string, number>>, header: string) {
  const text = `{ printf '%s\\n' "$*" >>${folder}/calls; case "$*" in ${Object.entries(codes)
    .map(([options, code]) => `"${options} "*) echo "said ${options}"; return ${code} ;;`)
    .join(' ')} esac; }`;
  writeFileSync(join(folder, 'header'), header);
  const lines = [
    'undo_later() { :; }',
    `e2fsck() ${text}`,
    `dumpe2fs() { cat ${folder}/header; }`,
    'check_ext4 /dev/sdb',
    'printf "%s|%s|%s|%s" "$result" "$said" "$needs_answer" "$repair"',
    `echo; cat ${folder}/calls`,
  ];
  const [answer = '', ...calls] = runLibraries(['file-system-check'], lines).trimEnd().split('\n');
  const [result, said, needsAnswer, repair] = answer.split('|');
  return { result, said, needsAnswer, repair, calls: calls.map((call) => call.replace(' /dev/sdb', '')) };
}

const [replay, look, preen] = ['-p -E journal_only', '-f -n', '-f -p'];
const clean = 'Filesystem state:         clean\nErrors behavior:          Continue\n';

describe('a check of ext4', () => {
  it('that finds nothing writes only the journal', () => {
    expect(checked({ [replay]: 0, [look]: 0 }, clean)).toMatchObject({
      result: 'unchanged',
      needsAnswer: '',
      calls: [replay, look],
    });
  });

  it.each([
    ['errors that are found', 4, clean],
    ['errors that are recorded', 0, `${clean}FS Error count:           3\n`],
    ['the state "clean with errors"', 0, 'Filesystem state:         clean with errors\n'],
  ])('repairs %s, as far as that needs no decision', (_, code, header) => {
    expect(checked({ [replay]: 1, [look]: code, [preen]: 1 }, header)).toMatchObject({
      result: 'changed',
      needsAnswer: '',
      calls: [replay, look, preen],
    });
  });

  it('leaves what needs a decision, and reports the question', () => {
    expect(checked({ [replay]: 0, [look]: 4, [preen]: 4 }, clean)).toMatchObject({
      result: 'unchanged',
      needsAnswer: expect.stringContaining('said -f -p'),
      repair: 'e2fsck -f DISK',
    });
  });

  it('stops if the journal can’t be replayed', () => {
    expect(checked({ [replay]: 8 }, clean)).toMatchObject({
      needsAnswer: expect.stringContaining('journal'),
      calls: [replay],
    });
  });

  // Where the programs are installed: what e2fsck really does.
  it.skipIf(spawnSync('mkfs.ext4', ['-V']).error)('clears errors recorded in an image', () => {
    const image = join(folder, 'image');
    spawnSync('truncate', ['--size=16M', image]);
    expect(spawnSync('mkfs.ext4', ['-q', image]).status).toBe(0);
    expect(spawnSync('debugfs', ['-w', '-R', 'ssv error_count 3', image]).status).toBe(0);
    const lines = ['undo_later() { :; }', `check_ext4 ${image}`, 'echo "$result"'];
    expect(runLibraries(['file-system-check'], lines)).toBe('changed\n');
    expect(runLibraries(['file-system-check'], lines)).toBe('unchanged\n');
  });
});
