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
    ['a missing file', 'home', missing, `There is no kubeconfig at ${missing}: set KUBECONFIG`],
    ['an unknown context', 'hom', home, 'has no context "hom"; it has "home", "lab"'],
    ['no current context', undefined, work, 'has no current context; it has "work"'],
    ['an empty file', 'home', empty, 'has no context "home"; it has none'],
    ['a broken file', 'home', broken, `The kubeconfig ${broken} can't be read`],
  ])('refuses %s in one line', (_, context, KUBECONFIG, message) => {
    expect(() => checkKubeconfig(context, { KUBECONFIG })).toThrow(message);
  });
});
