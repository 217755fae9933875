import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from '../../engine/process-identity';
import { silent } from '../../engine/progress';
import { ensureStored, identityOf } from '../../setup/stored';

describe('a folder of the cache', () => {
  let root: string;
  let made = 0;
  const store = (
    inputs: readonly string[],
    make = async (folder: string) => writeFileSync(join(folder, 'file'), 'x'),
  ) =>
    ensureStored({ root, kind: 'thing', inputs, title: 'a thing' }, silent, async (folder) => {
      made++;
      await make(folder);
    });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'lunward-stored-'));
    made = 0;
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is made once for the same inputs, and anew for others', async () => {
    const first = await store(['a', 'b']);
    expect(await store(['a', 'b'])).toBe(first);
    expect(await store(['ab', ''])).not.toBe(first);
    expect(made).toBe(2);
    expect(readFileSync(join(first, 'file'), 'utf8')).toBe('x');
  });

  it('is made once by several at once', async () => {
    const folders = await Promise.all([store(['a']), store(['a']), store(['a'])]);
    expect(new Set(folders).size).toBe(1);
    expect(made).toBe(1);
  });

  it('has another identity when it is made again after it was deleted', async () => {
    const before = identityOf(await store(['a']));
    expect(identityOf(await store(['a']))).toBe(before);
    rmSync(await store(['a']), { recursive: true });
    expect(identityOf(await store(['a']))).not.toBe(before);
  });

  it('goes when two others were used since, unless a lab that runs is built on it', async () => {
    const folders: string[] = [];
    for (const [index, input] of ['oldest', 'older', 'newer', 'newest'].entries()) {
      if (input === 'newest') {
        const lab = join(root, 'labs', 'running');
        mkdirSync(lab, { recursive: true });
        writeFileSync(join(lab, 'supervisor.json'), JSON.stringify(identify(process.pid)));
        writeFileSync(join(lab, 'plan.json'), JSON.stringify({ saved: folders[1] }));
      }
      const folder = await store([input]);
      // An hour apart, so that the clock's resolution does not matter.
      if (input !== 'newest') utimesSync(folder, index * 3600, index * 3600);
      folders.push(folder);
    }
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true, true]);
  });

  it('is not there after a failure, which leaves nothing', async () => {
    const fail = async (folder: string) => {
      writeFileSync(join(folder, 'half'), 'x');
      throw new Error('no network');
    };
    await expect(store(['a'], fail)).rejects.toThrow('no network');
    expect(readdirSync(root)).toEqual([]);
    expect(existsSync(await store(['a']))).toBe(true);
  });
});
