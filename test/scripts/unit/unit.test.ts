import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readUnit, startUnit, unitName } from '../../../lib/scripts/unit/unit';

const script = { name: 'warm-copy', text: "echo 'a secret'\n", hash: 'abc', facts: z.unknown() };

describe('starting a unit', () => {
  it('sends the text of the script, whose hash does not depend on secrets', () => {
    const one = startUnit('lunward-copy-jellyfin-1', script);
    expect(one.text).toContain("text='echo '\\''a secret'\\''\n'");
    expect(startUnit('lunward-copy-jellyfin-1', { ...script, text: 'another secret' }).hash).toBe(one.hash);
    expect(startUnit('lunward-copy-jellyfin-1', { ...script, hash: 'def' }).hash).not.toBe(one.hash);
  });

  it('gives it a name from volume and attempt', () => {
    expect(unitName('copy', { volume: 'jellyfin-config-2', attempt: 3 })).toBe('lunward-copy-jellyfin-config-2-3');
  });
});

describe('reading a unit', () => {
  it.each([
    [readUnit('lunward-copy-jellyfin-1'), 0],
    [readUnit('lunward-copy-jellyfin-1', 4), 4],
  ])('waits for its end only if told to', ({ text }, seconds) => {
    expect(text).toContain(`\npatience=${seconds}\n`);
  });
});
