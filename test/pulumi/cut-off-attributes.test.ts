import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cantLoad, removeCutOffAttributes } from '../../lib/pulumi/cut-off-attributes';

it.each([
  [255, 'error: failed to load checkpoint: EOF', true],
  [255, 'error: failed to load checkpoint: unexpected EOF', true],
  [255, 'error: failed to load checkpoint: invalid character', false],
  [0, 'failed to load checkpoint: EOF', false],
])('an engine that ended with %i and "%s": %s', (code, stderr, is) => {
  expect(cantLoad({ code, stdout: '', stderr })).toBe(is);
});

describe('the attributes file of a state', () => {
  let folder: string;
  const file = (name: string) => path.join(folder, '.pulumi', 'stacks', name);
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lunward-attributes-'));
    mkdirSync(file('home'), { recursive: true });
    writeFileSync(file('home/app.json'), '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const remove = (url = `file://${folder}`, stack = 'app') =>
    removeCutOffAttributes({ url, folder, project: 'home', stack });

  it.each(['home/app.json.attrs', 'app.json.attrs', 'home/app.json.gz.attrs'])(
    '%s is removed if it is cut off',
    async (name) => {
      for (const text of ['', '{"user.cache_control":"","us']) {
        writeFileSync(file(name), text);
        expect(await remove()).toBe(true);
        expect(existsSync(file(name))).toBe(false);
      }
      // It may be what is left of the state, and is nobody's business here.
      expect(existsSync(file('home/app.json'))).toBe(true);
    },
  );

  it('stays if it is complete, of another stack, or in a service', async () => {
    writeFileSync(file('home/app.json.attrs'), '{"user.content_type":"application/json"}');
    writeFileSync(file('home/other.json.attrs'), '');
    expect(await remove()).toBe(false);
    writeFileSync(file('home/app.json.attrs'), '');
    expect(await remove('https://api.example.com')).toBe(false);
    expect(existsSync(file('home/app.json.attrs'))).toBe(true);
    expect(existsSync(file('home/other.json.attrs'))).toBe(true);
  });

  it('may be missing', async () => {
    expect(await remove()).toBe(false);
  });
});
