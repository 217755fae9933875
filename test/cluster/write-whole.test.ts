import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeWhole } from '../../lib/cluster/write-whole';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-write-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);

it('creates a file, or replaces its content, and leaves nothing else', () => {
  for (const content of ['one', 'two']) {
    writeWhole(at('file'), content);
    expect(readFileSync(at('file'), 'utf8')).toBe(content);
  }
  expect(readdirSync(folder)).toEqual(['file']);
});

it('replaces the old file, whose readers keep what they opened', () => {
  writeWhole(at('file'), 'one');
  const { ino } = statSync(at('file'));
  writeWhole(at('file'), 'two');
  expect(statSync(at('file')).ino).not.toBe(ino);
});

it('keeps the mode', () => {
  writeFileSync(at('file'), 'one');
  chmodSync(at('file'), 0o640);
  writeWhole(at('file'), 'two');
  expect(statSync(at('file')).mode & 0o777).toBe(0o640);
});

it('writes to the target of a link, and keeps the link', () => {
  writeFileSync(at('target'), 'one');
  symlinkSync('target', at('link'));
  writeWhole(at('link'), 'two');
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(at('target'), 'utf8')).toBe('two');
});

it('leaves no draft if it fails', () => {
  expect(() => writeWhole(folder, 'one')).toThrow();
  expect(readdirSync(folder)).toEqual([]);
  expect(readdirSync(path.dirname(folder)).filter((name) => name.startsWith(`${path.basename(folder)}.`))).toEqual([]);
});
