import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImportGraph } from '../../../tools/ci/import-graph';

const files: Readonly<Record<string, string>> = {
  'lib/index.ts': "export * from './core/a';",
  'lib/pulumi/index.ts': "import type { B } from '../core/b'; export const stack = 1;",
  'lib/migration/index.ts': "export * from '../core/c';",
  'lib/core/a.ts': 'export const a = 1;',
  'lib/core/b.ts': "export type B = typeof import('./c').c;",
  'lib/core/c.ts': 'export const c = 1;',
  'lib/volumes/index.ts': "export * from '../core/a';",
  'lib/volumes/nfs.ts': '',
  'lib/cli/main.ts': "const later = () => import('../core/c');",
  'lib/scripts/copy.ts': "script('copy-all', {});",
  'lib/scripts/node/copy-all.sh':
    '# shellcheck source=lib/scripts/bash/tree.sh\nsource bash/tree.sh\nsource "bash/to-$kind.sh"',
  'lib/scripts/bash/tree.sh': 'source bash/undo.sh',
  'lib/scripts/bash/undo.sh': '',
  'lib/scripts/bash/to-nfs.sh': '',
  'lib/scripts/bash/to-lun.sh': '',
  'lib/scripts/bash/from-nfs.sh': '',
  'lab/apps/library.sql': '',
  'test/helpers.ts': "import { a } from '../lib/core/a';",
  'lab/test/owner.ts': "import { c } from '../../lib/core/c';",
};

const uses: readonly [title: string, code: string, used: readonly string[]][] = [
  ['an import', "import { a } from '../../lib/core/a';", ['lib/core/a.ts']],
  ['an import of a folder', "import { a } from '../../lib/volumes';", ['lib/volumes/index.ts', 'lib/core/a.ts']],
  ['an import of types', "import type { B } from '../../lib/core/b';", ['lib/core/b.ts', 'lib/core/c.ts']],
  ['an export', "export { a } from '../../lib/core/a';", ['lib/core/a.ts']],
  ['a late import', "await import('../../lib/core/a');", ['lib/core/a.ts']],
  ['a late import after what looks like a text', "/`/.test(x); await import('../../lib/core/a');", ['lib/core/a.ts']],
  ['the package by its name', "import { a } from 'lunward';", ['lib/index.ts', 'lib/core/a.ts']],
  [
    'a program whose text is in the code',
    'const text = `require("lunward/pulumi")`;',
    ['lib/pulumi/index.ts', 'lib/core/b.ts', 'lib/core/c.ts'],
  ],
  [
    'the entry of the package for moves',
    "import { Migrator } from 'lunward/migration';",
    ['lib/migration/index.ts', 'lib/core/c.ts'],
  ],
  ['a compiled file', "join(root, 'build/cli/main.js')", ['lib/cli/main.ts', 'lib/core/c.ts']],
  ['a compiled file, folder by folder', "join(root, 'build', 'cli', 'main.js')", ['lib/cli/main.ts', 'lib/core/c.ts']],
  ['a compiled file in a program', 'const text = "require(\'lunward/build/core/a.js\')";', ['lib/core/a.ts']],
  ['a helper of other tests', "import { b } from '../../test/helpers';", ['test/helpers.ts', 'lib/core/a.ts']],
  ['a program beside it', "spawn(jiti, [join(__dirname, 'owner.ts')])", ['lab/test/owner.ts', 'lib/core/c.ts']],
  ['a file elsewhere', "join(__dirname, '../apps/library.sql')", ['lab/apps/library.sql']],
  ['a folder', "readdirSync(join(__dirname, '../../lib/scripts/bash')", scriptsIn('lib/scripts/bash/')],
  [
    'a script through the library, with what it sources',
    "import '../../lib/scripts/copy';",
    ['lib/scripts/copy.ts', 'lib/scripts/node/copy-all.sh', ...scriptsIn('lib/scripts/bash/', 'from-nfs')],
  ],
  ['nothing that is not in the checkout', "import 'vitest'; join('..', '..'); import './gone';", []],
];

function scriptsIn(folder: string, except = 'none'): string[] {
  return Object.keys(files).filter((file) => file.startsWith(folder) && !file.includes(except));
}

describe('the closure of a test file', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'lunward-graph-'));
    for (const [file, text] of [...Object.entries(files), ...uses.map(testFile)]) {
      mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const testFile = ([, code]: (typeof uses)[number], index: number): [string, string] => [
    `lab/test/${index}.test.ts`,
    code,
  ];

  it.each(uses.map(([title, , used], index) => [title, used, index] as const))('has %s', (_, used, index) => {
    const file = `lab/test/${index}.test.ts`;
    expect([...new ImportGraph(root).closure(file)].sort()).toEqual([file, ...used].sort());
  });
});
