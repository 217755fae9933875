import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changedFiles } from '../../../tools/ci/changes';

const now = Date.parse('2026-03-01T12:00:00Z');

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lunward-changes-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

function git(folder: string, args: readonly string[], hoursAgo = 0): string {
  const date = new Date(now - hoursAgo * 3_600_000).toISOString();
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  return execFileSync('git', [...identity, '-c', 'core.hooksPath=/dev/null', ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A file in a commit of its own, so many hours old. */
function commit(file: string, hoursAgo: number, folder = root): void {
  writeFileSync(path.join(folder, file), `${hoursAgo}\n`);
  git(folder, ['add', '--all']);
  git(folder, ['commit', '--quiet', '--message', file], hoursAgo);
}

const init = () => git(root, ['init', '--quiet', '--initial-branch', 'main']);

describe('the files of a change', () => {
  it('are those since HEAD branched from origin/main, however old', () => {
    init();
    commit('landed', 90);
    git(root, ['update-ref', 'refs/remotes/origin/main', 'HEAD']);
    commit('one', 80);
    commit('two', 1);
    expect(changedFiles(root, now).files).toEqual(['one', 'two']);
  });

  it('are those of the last hours if HEAD is origin/main', () => {
    init();
    commit('landed', 9);
    commit('one', 3);
    commit('two', 1);
    git(root, ['update-ref', 'refs/remotes/origin/main', 'HEAD']);
    expect(changedFiles(root, now).files).toEqual(['one', 'two']);
  });

  it('are those of the last commit if all commits are older', () => {
    init();
    commit('landed', 12);
    commit('one', 9);
    expect(changedFiles(root, now).files).toEqual(['one']);
  });

  it('are found with a detached HEAD, and include renamed, removed and uncommitted files', () => {
    init();
    writeFileSync(path.join(root, 'kept'), 'the same text');
    commit('landed', 9);
    git(root, ['mv', 'kept', 'renamed']);
    git(root, ['rm', '--quiet', 'landed']);
    commit('one', 1);
    git(root, ['checkout', '--quiet', '--detach']);
    writeFileSync(path.join(root, 'one'), 'edited');
    writeFileSync(path.join(root, 'a file that is new'), '');
    expect(changedFiles(root, now).files).toEqual(['a file that is new', 'kept', 'landed', 'one', 'renamed']);
  });

  it.each([
    ['all commits are younger', [2, 1]],
    ['there is one commit, an old one', [20]],
    ['there is no commit', []],
  ])('are unknown if %s', (_, hours) => {
    init();
    for (const one of hours) commit(`file ${one}`, one);
    expect(changedFiles(root, now).files).toBeUndefined();
  });

  it('are unknown outside of a repository', () => {
    expect(changedFiles(root, now).files).toBeUndefined();
  });

  it.each([
    [1, 1],
    [20, 1],
    [1, 2],
  ])('are unknown in a shallow clone without an older commit (%i hours, depth %i)', (hours, depth) => {
    init();
    commit('landed', 30);
    commit('one', hours);
    commit('two', hours);
    const clone = path.join(root, 'clone');
    git(root, ['clone', '--quiet', '--depth', String(depth), `file://${root}`, clone]);
    expect(changedFiles(clone, now).files).toBeUndefined();
  });

  it('are unknown if Git is not installed', () => {
    init();
    commit('landed', 12);
    commit('one', 9);
    vi.stubEnv('PATH', path.join(root, 'empty'));
    expect(changedFiles(root, now).files).toBeUndefined();
  });
});
