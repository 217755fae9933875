import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCluster } from '../../lib/cluster/load-cluster';
import { UserError } from '../../lib/core/problems';

let folder = '';
const at = (name: string) => path.join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lunward-description-'));
  const files = {
    'library.ts':
      'export const known = (value: number): number => value;\n\nexport function fails() {\n  throw new Error("in it");\n}\n',
    'imports.ts': "export const a = 1;\nexport { b } from './nowhere';\n",
    'broken.ts': 'export const a: number = 1;\nconst b: number = ;\n',
    'broken.json': '{ bad',
    'node_modules/whole/package.json': '{ "exports": { ".": "./index.js" } }',
  };
  mkdirSync(at('node_modules/whole'), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a description that can’t be loaded', () => {
  it.each<[fault: string, lines: string[], place: string, what: string[]]>([
    [
      'imports a package that is not installed',
      ['', "import { a } from 'not-there';", 'export default a;'],
      'cluster.ts:2',
      ['"not-there"', 'npm install'],
    ],
    [
      'imports a file that is not there',
      ["import { a } from './not-there';", 'export default a;'],
      'cluster.ts:1',
      ['"./not-there"', 'a file'],
    ],
    [
      'imports a file that imports one that is not there',
      ["import { a } from './imports';", 'export default a;'],
      'imports.ts:2',
      ['"./nowhere"'],
    ],
    [
      'imports a part that a package does not have',
      ["import { a } from 'whole/part';", 'export default a;'],
      'cluster.ts:1',
      ['./part'],
    ],
    [
      'imports a part of Node that is not there',
      ["import 'node:nowhere';", 'export default 1;'],
      'cluster.ts',
      ['node:nowhere'],
    ],
    [
      'imports a name that is not exported',
      ["import { unknown } from './library';", '', 'export default unknown(1);'],
      'cluster.ts:3',
      ['"unknown"', 'export'],
    ],
    ['is no TypeScript', ['export default {', '  a: 1', '  b: 2', '};'], 'cluster.ts:3', ['TypeScript']],
    [
      'imports what is no TypeScript',
      ["import { a } from './broken';", 'export default a;'],
      'broken.ts:2',
      ['TypeScript'],
    ],
    ['imports what is no JSON', ["import a from './broken.json';", 'export default a;'], 'cluster.ts', ['broken.json']],
    ['uses a name that is not there', ['export default notThere;'], 'cluster.ts:1', ['notThere is not defined']],
    [
      'uses a property of nothing',
      ['interface A {', '  b?: { c: number };', '}', 'const a: A = {};', 'export default a.b!.c;'],
      'cluster.ts:5',
      ["reading 'c'"],
    ],
    [
      'calls what throws',
      ["import { fails } from './library';", '', 'export default fails();'],
      'library.ts:4',
      ['in it'],
    ],
    [
      'reads a file that is not there',
      ["import { readFileSync } from 'node:fs';", "export default readFileSync('/not/there');"],
      'cluster.ts:2',
      ['ENOENT', '/not/there'],
    ],
    ['throws what is no error', ["throw 'this';"], 'cluster.ts', ['"this"']],
    ['throws nothing', ['throw undefined;'], 'cluster.ts', ['undefined']],
    [
      'never ends',
      ['function f(): number {', '  return f() + 1;', '}', 'export default f();'],
      'cluster.ts:2',
      ['call stack'],
    ],
    [
      'rejects late',
      ["const a = await Promise.reject(new Error('late'));", 'export default a;'],
      'cluster.ts:1',
      ['late'],
    ],
    ['exports nothing', ['export const a = 1;'], 'cluster.ts', ['export default']],
  ])('is told by file and line where it %s', async (_, lines, place, what) => {
    writeFileSync(at('cluster.ts'), lines.join('\n'));
    const error: unknown = await loadCluster(at('cluster.ts')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).toMatch(new RegExp(`^${at(place).replaceAll('.', '\\.')}(: | )`));
    for (const word of what) expect(message).toContain(word);
    expect(message).not.toMatch(/^ +at /m);
  });

  it('is reported only with its problems, even if another copy of the library found them', async () => {
    writeFileSync(
      at('cluster.ts'),
      "throw Object.assign(new Error('It has 1 problem'), { name: 'DescriptionError' });",
    );
    await expect(loadCluster(at('cluster.ts'))).rejects.toMatchObject({
      name: 'UserError',
      message: 'It has 1 problem',
    });
  });

  it('is reported with the line that passed a wrong value to a library', async () => {
    const library = path.join(__dirname, '../../lib/core/problems.ts');
    writeFileSync(
      at('cluster.ts'),
      `import * as library from ${JSON.stringify(library)};\nexport default (library.formatProblem as any)(undefined);\n`,
    );
    await expect(loadCluster(at('cluster.ts'))).rejects.toThrow(/cluster\.ts:2: .*\(in .*problems\.ts:\d+\)$/);
  });
});
