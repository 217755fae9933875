import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { originOf } from '../../lib/cli/own-package';

let project: string;
let tarball: string;
beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'lunward-own-package-'));
  tarball = path.join(project, 'lunward-0.1.0.tgz');
  writeFileSync(tarball, '');
});
afterEach(() => rmSync(project, { recursive: true }));

/** A package in a folder of the project, which its package.json asks for in these words. */
function installed(spec?: string, at = 'node_modules/lunward'): string {
  const folder = path.join(project, at);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "version": "0.1.0" }');
  if (spec !== undefined)
    writeFileSync(path.join(project, 'package.json'), JSON.stringify({ dependencies: { lunward: spec } }));
  return folder;
}

it.each([
  ['0.1.0', '0.1.0'],
  ['^0.1.0', '0.1.0'],
  ['latest', '0.1.0'],
  ['npm:lunward@0.1.0', '0.1.0'],
  ['https://example.com/lunward.tgz', 'https://example.com/lunward.tgz'],
  ['github:example/lunward#v1', 'github:example/lunward#v1'],
])('is resolved from the registry when installed as %s', (spec, expected) => {
  expect(originOf(installed(spec))).toEqual({ kind: 'network', spec: expected });
});

it.each([
  ['npm and pnpm', 'file:lunward-0.1.0.tgz'],
  ['Yarn', './lunward-0.1.0.tgz'],
  ['Yarn, by its name alone', 'lunward-0.1.0.tgz'],
])('is resolved to the file that %s installed it from', (_, spec) => {
  expect(originOf(installed(spec))).toEqual({ kind: 'tarball', file: tarball });
});

it('is resolved to its file from an absolute path and a URL, too', () => {
  for (const spec of [`file:${tarball}`, tarball, `file://${tarball}`]) {
    expect(originOf(installed(spec))).toEqual({ kind: 'tarball', file: tarball });
  }
});

it('is resolved to the file if it is a link into a store', () => {
  const folder = installed('file:lunward-0.1.0.tgz', 'node_modules/.pnpm/lunward@file+a/node_modules/lunward');
  expect(originOf(folder)).toEqual({ kind: 'tarball', file: tarball });
  const store = path.join(project, 'elsewhere/lunward');
  mkdirSync(store, { recursive: true });
  writeFileSync(path.join(store, 'package.json'), '{ "version": "0.1.0" }');
  const program = path.join(project, 'node_modules/lunward/build/cli/main.js');
  expect(originOf(store, program)).toEqual({ kind: 'tarball', file: tarball });
});

it.each([
  ['its file is gone', 'file:gone.tgz'],
  ['it is a link', 'link:../lunward'],
  ['it is a folder', 'file:../lunward'],
  ['nothing says what it came from', undefined],
])('is packed from its own folder if %s', (_, spec) => {
  const folder = installed(spec);
  expect(originOf(folder)).toEqual({ kind: 'folder', folder });
});
