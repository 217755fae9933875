import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_MINUTES } from '../../../tools/ci/minutes';
import { selectTests } from '../../../tools/ci/selection';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lunward-selection-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string): void {
  mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(root, file), '');
}

test('outside of a repository every test is selected, a new one with the default duration', () => {
  write('lab/test/lab/brand-new.test.ts');
  write('lab/test/other.test.ts');
  const { ordered } = selectTests(root, Date.now(), 60);
  expect(ordered.map(({ unit }) => unit.name).sort()).toEqual(['brand-new', 'without machines: the rest']);
  expect(ordered.find(({ unit }) => unit.name === 'brand-new')?.unit.minutes).toBe(DEFAULT_MINUTES);
  expect(ordered.every(({ why }) => why.startsWith('reached by the change'))).toBe(true);
});

test('there is nothing to run without tests', () => {
  expect(selectTests(root, Date.now(), 60).ordered).toEqual([]);
});
