import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardScript } from '../../lib/scripts/guard';

const UUID = '3f0c9a54-1b7e-86bd-8000-000000000001';
const sealed = `state=sealed\nattempt=2\nvolume=jellyfin-config-2\nuuid=${UUID}\nmanifest=${'0'.repeat(64)}\n`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lunward-guard-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As a container runs it, with nothing on its PATH. */
function guard(shell: string, marker: string | undefined): { code: number | null; stderr: string } {
  if (marker !== undefined) {
    mkdirSync(join(folder, '.lunward'));
    writeFileSync(join(folder, '.lunward', 'marker'), marker);
  }
  const args = ['-c', guardScript(), 'lunward-guard', folder, '2', 'jellyfin-config-2', UUID];
  // With a socket to read from, bash would take itself for a remote shell.
  const { status, stderr } = spawnSync(shell, args, {
    encoding: 'utf8',
    env: { PATH: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { code: status, stderr };
}

// The text is in the pod template of every app that was moved: to change one character of it restarts all of them.
it('has the text that moved apps have in their pods', () => {
  const hash = createHash('sha256').update(guardScript()).digest('hex');
  expect(hash).toBe('9592b82feca07e294ef0bc84f29098aa05c0b4628c18cdba0b1b22088b57af61');
});

describe.each(['/bin/sh', '/bin/bash'])('the guard in %s', (shell) => {
  it('lets the app start on the sealed volume', () => {
    expect(guard(shell, sealed)).toEqual({ code: 0, stderr: '' });
  });

  it.each([
    ['an empty volume', undefined, 'no marker'],
    ['one that is being filled', sealed.replace('sealed', 'building'), 'state "building"'],
    ['an older attempt', sealed.replace('attempt=2', 'attempt=1'), 'attempt "1"'],
    ['a newer attempt', sealed.replace('attempt=2', 'attempt=22'), 'attempt "22"'],
    ['that of another app', sealed.replace('jellyfin', 'sonarr'), 'volume "sonarr-config-2"'],
    ['a file system that was made anew', sealed.replace(UUID, UUID.replace('1b7e', '1b7f')), 'uuid "3f0c9a54-1b7f'],
    ['a marker that was cut off', sealed.slice(0, 40), 'uuid ""'],
    ['an empty marker', '', 'state ""'],
    ['a marker that holds commands', 'state=$(id)\nattempt=`id`\n', 'state "$(id)", attempt "`id`"'],
  ])('keeps it from %s, and says why', (_, marker, reason) => {
    const { code, stderr } = guard(shell, marker);
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).toContain(
      `Expected is attempt 2 of PersistentVolume jellyfin-config-2, file system ${UUID}, sealed`,
    );
  });
});
