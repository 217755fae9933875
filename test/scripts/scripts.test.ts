import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allDeclineCodes, declineCodes } from '../../lib/scripts/decline-codes';
import { withoutComments } from '../../lib/scripts/script';

const folder = join(__dirname, '../../lib/scripts');
const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sh'));
const library = ['bash/undo.sh', 'bash/report.sh'].map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');

/** Runs a body with the scripts' library, as `renderScript` puts them together. */
function run(body: string, ...args: readonly string[]) {
  const text = `set -euo pipefail\nexport LC_ALL=C\n${library}\n${body}`;
  // A bash that takes its input for a connection would read ~/.bashrc first.
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', text, 'script', ...args], { encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

describe('the library of scripts', () => {
  it.each([
    ['', 'nothing'],
    ['two words', 'spaces'],
    ['"quoted" \\ back', 'quotes and backslashes'],
    ["it's", 'a single quote'],
    ['line\nline\ttab\u0001\u007f', 'control characters'],
    ['grün ✓ 日本', 'characters of several bytes'],
    ['$(rm -rf /) `x` $y', 'what a shell would run'],
    ['-n', 'an option of echo'],
  ])('encodes %j as JSON: %s', (text) => {
    const { stdout } = run('json_string "$1"', text);
    expect(JSON.parse(stdout)).toBe(text);
  });

  it('keeps a report with invalid UTF-8 readable', () => {
    const { stdout } = run(`fact name $'a\\xff"b'; report changed`);
    expect(JSON.parse(stdout)).toMatchObject({ facts: { name: 'a\ufffd"b' } });
  });

  it('reports facts of every kind as one line', () => {
    const { code, stdout } = run(
      'fact name "a b"; fact_json size 12; fact_json list "$(json_array 1 "$(json_object a 2 b "$(json_string c)")")"; report unchanged',
    );
    expect(code).toBe(0);
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(JSON.parse(stdout)).toEqual({
      result: 'unchanged',
      reason: '',
      code: '',
      facts: { name: 'a b', size: 12, list: [1, { a: 2, b: 'c' }] },
    });
  });

  it('ends the script with its report', () => {
    expect(run('report declined "no room"; echo more').stdout).toBe(
      '{"result":"declined","reason":"no room","code":"","facts":{}}\n',
    );
  });

  it('undoes its changes in reverse order before it reports', () => {
    const { stdout } = run(`undo_later echo one 'a b'; undo_later echo two; report changed`);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['two', 'one a b']);
    expect(JSON.parse(stdout.split('\n')[2] ?? '')).toMatchObject({ result: 'changed' });
  });

  it.each([
    ['a command fails', 'false', 1],
    ['it is told to end', 'kill -TERM $$', 143],
    ['its terminal is gone', 'kill -HUP $$', 129],
  ])('undoes its changes, and reports nothing, if %s', (_, end, code) => {
    const ended = run(`undo_later echo one; ${end}; report changed`);
    expect(ended).toMatchObject({ code, stdout: 'one\n' });
  });

  it('reports nothing if an undo fails, and undoes the rest', () => {
    const { code, stdout, stderr } = run('undo_later echo one; undo_later false; report changed');
    expect(code).not.toBe(0);
    expect(stdout).toBe('one\n');
    expect(stderr).toBe('not undone: false\n');
  });
});

describe('every script', () => {
  const scripts = all.filter((name) => !name.startsWith('bash/'));

  it.each(scripts)('%s is valid bash', (name) => {
    const { status, stderr } = spawnSync('bash', ['-n', join(folder, name)], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it.each(all)('%s does the same without its comments', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const stripped = withoutComments(text);
    expect(stripped).not.toMatch(/^\s*#/m);
    expect(parsed(stripped)).toBe(parsed(text));
  });

  it.each(scripts.flatMap((name) => ['nfs', 'iscsi'].map((kind) => [name, kind] as const)))(
    '%s is given no function twice by its libraries, of a volume of kind %s',
    (name, kind) => {
      const functions = [...withLibraries(name, kind)].flatMap((file) => [
        ...readFileSync(join(folder, file), 'utf8').matchAll(/^(\w+)\(\) /gm),
      ]);
      const names = functions.map(([, found]) => found);
      expect(names.filter((found, index) => names.indexOf(found) < index)).toEqual([]);
    },
  );
});

describe('the codes of declines', () => {
  // A function named decline_… gives a reason and its code on.
  const BEGIN = /\b(?:report declined|decline_\w+) ["']/;
  const END = /["'](?: (?<code>[a-z-]+))?(?: ;;|; done|; fi)?$/;
  const declines = all
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\\\n', '').split('\n'))
    .filter((line) => !line.startsWith('#') && BEGIN.test(line));

  it('are exactly those that scripts use, each with an explanation', () => {
    expect(declines.length).toBeGreaterThan(50);
    expect(declines.filter((line) => !END.test(line))).toEqual([]);
    const codes = declines.flatMap((line) => END.exec(line)?.groups?.code ?? []);
    expect([...new Set(codes)].sort()).toEqual([...allDeclineCodes].sort());
    for (const sentence of Object.values(declineCodes)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

/** What bash makes of a text once it has read it, in its own spelling and without comments. */
function parsed(text: string): string {
  const { status, stdout } = spawnSync('bash', ['--norc', '-c', `all() {\n:\n${text}\n}\ndeclare -f all`], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  return stdout;
}

/** The files that a script is made of, with those for one kind of volume where there are several. */
function withLibraries(name: string, kind: string, known = new Set<string>()): Set<string> {
  known.add(name);
  const text = readFileSync(join(folder, name), 'utf8');
  for (const [, file, variant] of text.matchAll(/^source "?(bash\/[\w-]+)(\$\w+)?\.sh"?$/gm)) {
    const library = `${file}${variant ? kind : ''}.sh`;
    if (!known.has(library)) withLibraries(library, kind, known);
  }
  return known;
}
