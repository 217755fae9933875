import { spawnSync } from 'node:child_process';

/** The content of a change, as far as Git can tell. */
export interface Changes {
  /** Paths from the root of the checkout; undefined if Git cannot tell: then everything counts as changed. */
  readonly files?: readonly string[];
  /** What the files were compared with, or why that is not known, for the output. */
  readonly base: string;
}

/** A run and the landing of its change take less than this many hours, so an older commit is not part of the change. */
const CHANGE_HOURS = 4;

/**
 * The files that differ from the newest commit that has surely landed: the one where HEAD left origin/main, if it has;
 * otherwise the newest commit older than `CHANGE_HOURS`; otherwise the one before HEAD. Uncommitted files count as
 * changed.
 *
 * @param now milliseconds since 1970
 */
export function changedFiles(root: string, now: number): Changes {
  const ask = (...args: readonly string[]) => git(root, args);
  const head = ask('rev-parse', '--verify', '--quiet', 'HEAD^{commit}')?.trim();
  if (!head) return { base: 'Git finds no commit here, so everything counts as changed' };
  const found = baseOf(ask, head, now);
  if (!found) return { base: 'no older commit is in this clone, so everything counts as changed' };
  const differing = ask('diff', '--name-only', '--relative', '--no-renames', '-z', found.commit, '--');
  const untracked = ask('ls-files', '--others', '--exclude-standard', '-z');
  if (differing === undefined || untracked === undefined) {
    return { base: `Git cannot compare with ${found.commit}, so everything counts as changed` };
  }
  const files = [...new Set(`${differing}${untracked}`.split('\0').filter(Boolean))].sort();
  return { files, base: `${found.commit.slice(0, 12)}, ${found.why}` };
}

type Ask = (...args: readonly string[]) => string | undefined;

function baseOf(ask: Ask, head: string, now: number): { commit: string; why: string } | undefined {
  const forked = ask('merge-base', 'HEAD', 'refs/remotes/origin/main')?.trim();
  if (forked && forked !== head) return { commit: forked, why: 'where HEAD left origin/main' };
  const seconds = Math.floor(now / 1000) - CHANGE_HOURS * 3600;
  const older = ask('rev-list', '--max-count=1', `--before=${seconds}`, 'HEAD')?.trim();
  if (older && older !== head) return { commit: older, why: `the newest commit older than ${CHANGE_HOURS} hours` };
  const parent = ask('rev-parse', '--verify', '--quiet', 'HEAD~1^{commit}')?.trim();
  // All commits are young, and the oldest one here need not be the first: the clone does not have what came before it.
  if (!older || !parent) return undefined;
  return { commit: parent, why: 'the commit before HEAD' };
}

/** @returns what Git prints; undefined if it fails or is not installed */
function git(root: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  return status === 0 ? stdout : undefined;
}
