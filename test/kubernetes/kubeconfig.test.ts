import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkKubeconfig } from '../../lib/kubernetes/kubeconfig';

const folder = mkdtempSync(path.join(tmpdir(), 'lunward-kubeconfig-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

const home = file('home', 'contexts: [{ name: home }, { name: lab }]\ncurrent-context: lab\n');
const work = file('work', 'contexts: [{ name: work }]\n');
const empty = file('empty', '');
const broken = file('broken', 'contexts: [');
const missing = path.join(folder, 'missing');

describe('checkKubeconfig', () => {
  it.each([
    ['a named context', 'home', home],
    ['the current context', undefined, home],
    ['a context of a second file', 'work', [home, work].join(path.delimiter)],
    ['a file beside one that is missing', 'home', [missing, home].join(path.delimiter)],
  ])('accepts %s', (_, context, KUBECONFIG) => {
    expect(() => checkKubeconfig(context, { KUBECONFIG })).not.toThrow();
  });

  it.each([
    ['a missing file', 'home', missing, missing],
    ['an unknown context', 'hom', home, 'it has "home", "lab"'],
    ['no current context', undefined, work, 'it has "work"'],
    ['an empty file', 'home', empty, 'it has none'],
    ['a broken file', 'home', broken, broken],
  ])('refuses %s in one line', (_, context, KUBECONFIG, fact) => {
    expect(() => checkKubeconfig(context, { KUBECONFIG })).toThrow(
      expect.objectContaining({ code: 'kubeconfig-unusable', message: expect.stringContaining(fact) }),
    );
  });
});
